// Examines a store for damage and repairs it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace minima::store {

/// A weight file that has lost some or all of its weights.
struct LostWeights {
  std::string file;       ///< in the store's folder
  std::string problem;    ///< "is missing" or "is too short"
  std::int64_t runs = 0;  ///< number of runs whose weights are lost
};

/// Returns the weight files that are missing or too short, in the order of their numbers. Only
/// looks at their sizes. Input error: not a store.
[[nodiscard]] std::vector<LostWeights> lost_weights(const std::filesystem::path& directory);

struct Complaint {
  std::string file;     ///< in the store's folder
  std::string problem;  ///< what is wrong, as text
  bool repairable = false;
};

struct Examination {
  std::vector<Complaint> complaints;  ///< empty: the store is intact
  int schema = 0;                     ///< schema version of the store as found
  std::int64_t runs = 0;              ///< recorded runs
  std::int64_t tensors = 0;           ///< tensors whose values were kept
  std::int64_t unverified = 0;        ///< tensors without a recorded checksum or statistics
  bool is_being_written = false;      ///< by another process; files are then never strays
};

/// Checks everything: the database, its tables, the references between them, every value, every
/// weight file and every weight. Changes nothing. Input error: not a store.
[[nodiscard]] Examination examine(const std::filesystem::path& directory);

struct Repair {
  std::string copy;               ///< name of the copy of the original runs.sqlite; empty: none
  std::vector<std::string> done;  ///< what was done, in sentences
  std::int64_t runs = 0;          ///< runs that are planned again
  std::int64_t compressions = 0;  ///< runs to prune and quantize again
  Examination left;               ///< findings after the repair
};

/// Repairs what can be repaired without loss. Removes stray files and orphaned rows, rewrites
/// headers, and plans runs again that are damaged or lost their weights. Copies the database before
/// changing anything. Input errors: not a store; locked by another process.
[[nodiscard]] Repair repair(const std::filesystem::path& directory);

}  // namespace minima::store
