// Is a store whole, and what can be done about it if not?
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace minima::store {

/// A file whose weights, or some of them, are gone.
struct LostWeights {
  std::string file;       ///< in the store's folder
  std::string problem;    ///< "is missing", "is too short"
  std::int64_t runs = 0;  ///< whose weights are gone
};

/// The files of weights that are missing or too short, in the order of their numbers. Looks at
/// their sizes alone. Input error: no store.
[[nodiscard]] std::vector<LostWeights> lost_weights(const std::filesystem::path& directory);

struct Complaint {
  std::string file;     ///< in the store's folder
  std::string problem;  ///< what is wrong, in words
  bool repairable = false;
};

struct Examination {
  std::vector<Complaint> complaints;  ///< empty: nothing is wrong
  int schema = 0;                     ///< version of the store as it was found
  std::int64_t runs = 0;              ///< recorded
  std::int64_t tensors = 0;           ///< whose weights were kept
  std::int64_t unverified = 0;    ///< of them those of which nothing is recorded to compare with
  bool is_being_written = false;  ///< by another process: then no file is a stray
};

/// Looks at everything: the database itself, its tables, references between them, every value,
/// every file of weights, every weight. Changes nothing. Input error: no store.
[[nodiscard]] Examination examine(const std::filesystem::path& directory);

struct Repair {
  std::string copy;               ///< of runs.sqlite as it was, in the store's folder; empty: none
  std::vector<std::string> done;  ///< sentences
  std::int64_t runs = 0;          ///< that are planned again
  std::int64_t compressions = 0;  ///< runs to be pruned and quantized again
  Examination left;               ///< after the repair
};

/// Repairs what can be without loss: files that nothing names and rows that belong to nothing go,
/// headers are written again, and runs that are damaged or lost their weights are planned again.
/// Keeps a copy of the database before it changes anything. Input errors: no store; locked by
/// another process.
[[nodiscard]] Repair repair(const std::filesystem::path& directory);

}  // namespace minima::store
