// What a merge looks at before it writes anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/sqlite_reader.h"

namespace minima::store {

/// Whether the weights in a part that no writer has sealed yet are looked at: where the store is
/// going to be written, its writer finds out which are lost, and forgets their runs.
enum class UnsealedWeights { checked, left_to_the_writer };

/// Reads everything that a merge takes from a store, every value of every weight too. Throws an
/// input error at the first damage.
void check_whole(const SqliteReader& store, const std::string& name, UnsealedWeights unsealed);

/// Compares the results of runs that several stores recorded.
class SharedResults {
 public:
  /// Throws an input error that names both stores and the run where results differ by more than
  /// rounding explains (docs/decisions/0017).
  void add(const SqliteReader& store, const std::string& name);

  /// Runs whose results differ at all.
  [[nodiscard]] std::int64_t differing() const { return differing_; }

 private:
  struct Known {
    std::size_t store = 0;
    study::RunResult result;  ///< without lists
    bool differs = false;
  };
  void compare(Known& known, const RunRow& row, const std::string& name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, std::int64_t> test_images_;  // by dataset
  std::unordered_map<std::string, Known> runs_;                // by id
  std::int64_t differing_ = 0;
};

}  // namespace minima::store
