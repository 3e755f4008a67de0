// Checks that a merge makes before it writes anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "record/run_result.h"
#include "record/run_row.h"
#include "store/records/sqlite_reader.h"

namespace minima::store {

/// Whether to check weights in a part file that is not sealed yet. If the store is about to be
/// written, its writer finds lost weights and forgets their runs.
enum class UnsealedWeights { checked, left_to_the_writer };

/// Reads everything that a merge takes from a store, including every weight. Throws an input error
/// at the first damage.
void check_whole(const SqliteReader& store, const std::string& name, UnsealedWeights unsealed);

/// Compares the results of runs that several stores recorded.
class SharedResults {
 public:
  /// Throws an input error that names both stores and the run if results differ by more than
  /// rounding (docs/decisions/0017).
  void add(const SqliteReader& store, const std::string& name);

  /// Number of runs whose results differ at all.
  [[nodiscard]] std::int64_t differing() const { return differing_; }

 private:
  struct Known {
    std::size_t store = 0;
    record::RunResult result;  ///< without lists
    bool differs = false;
  };
  void compare(Known& known, const record::RunRow& row, const std::string& name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, std::int64_t> test_images_;  // key: dataset
  std::unordered_map<std::string, Known> runs_;                // key: run id
  std::int64_t differing_ = 0;
};

}  // namespace minima::store
