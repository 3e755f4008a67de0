// Reading weights where the index says they are, and checking that they are what was recorded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/doctor.h"
#include "store/posix_file.h"
#include "store/safetensors.h"
#include "store/sqlite_database.h"
#include "store/weight_check.h"

namespace minima::store {

/// A tensor as the index has it.
struct IndexedTensor {
  std::string run_id;
  std::int64_t run = 0;     ///< its row
  std::int64_t number = 0;  ///< within the run
  network::TensorSpec spec;
  std::int64_t count = 0;
  std::int64_t file = 0;
  bool sealed = false;
  std::uint64_t byte = 0;  ///< of the file at which its values begin
  TensorRecord record;
};

/// SELECT of the columns that `indexed_tensor` takes, from all tensors: WHERE and ORDER BY come
/// after it. Tables: run, weight, weight_file.
inline constexpr const char* kSelectIndexedTensors =
    "SELECT run.run_id, run.id, weight.tensor, weight.name, weight.shape, weight.count, "
    "weight.file, weight_file.sealed, weight_file.data_start, weight.offset, "
    "weight.checksum, summary.count, summary.not_finite, summary.mean, summary.l1, summary.l2, "
    "summary.max "
    "FROM run CROSS JOIN weight ON weight.run = run.id "
    "CROSS JOIN weight_file ON weight_file.number = weight.file "
    "LEFT JOIN weight_summary AS summary ON weight.checksum IS NULL AND "
    "summary.run = weight.run AND summary.stage = 'end' AND summary.tensor = weight.tensor "
    "AND summary.name = weight.name ";
[[nodiscard]] IndexedTensor indexed_tensor(const Statement& row);

/// The part of an error's line that says what is wrong: without `file` before it, and without the
/// remedy.
[[nodiscard]] std::string problem_of(const Error& error, const std::filesystem::path& file);

/// The input error for values that are not those that were recorded.
[[nodiscard]] Error damaged_values(const std::filesystem::path& store,
                                   const std::filesystem::path& file, const IndexedTensor& tensor);

/// Safe to use from several threads, as a reader is.
class StoredWeights {
 public:
  StoredWeights(const Database& database, std::filesystem::path directory);

  /// As Reader::weights.
  [[nodiscard]] std::vector<Reader::StoredTensor> read(const std::string& run_id) const;
  /// Throws an input error where the index of weights says what cannot be. Reads no weights.
  void check_index() const;
  /// As lost_weights() of a store.
  [[nodiscard]] std::vector<LostWeights> lost() const;

  /// Throws an input error where a sealed file's header is not that of the tensors in the index:
  /// names, shapes and places. The header may have more: all those of dropped runs.
  void check_header(const PosixFile& file, std::int64_t number) const;
  /// Rows of the runs of which the header of a sealed file has tensors that the index lacks, though
  /// it has others. Throws an input error for a damaged header.
  [[nodiscard]] std::set<std::int64_t> runs_with_unlisted(const PosixFile& file,
                                                          std::int64_t number) const;
  /// Throws an input error where the values do not fit into the file, or are not those recorded.
  void check_values(const PosixFile& file, const IndexedTensor& tensor) const;

 private:
  [[nodiscard]] std::vector<float> values_of(const PosixFile& file,
                                             const IndexedTensor& tensor) const;
  [[nodiscard]] SafetensorsHeader header_of(const PosixFile& file) const;
  void check_place(const PosixFile& file, const IndexedTensor& tensor) const;
  [[nodiscard]] PosixFile opened(const IndexedTensor& tensor) const;

  const Database& database_;
  std::filesystem::path directory_;
  mutable std::mutex mutex_;
  mutable std::set<std::int64_t> checked_;  // sealed files whose header is right: they never change
};

}  // namespace minima::store
