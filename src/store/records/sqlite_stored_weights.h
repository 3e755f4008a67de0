// Reads weights at the locations given by the index and checks that they are unchanged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/database/sqlite_database.h"
#include "store/doctor.h"
#include "store/files/posix_file.h"
#include "store/files/safetensors.h"
#include "store/files/weight_check.h"

namespace minima::store {

/// A tensor as listed in the index.
struct IndexedTensor {
  std::string run_id;
  std::int64_t run = 0;     ///< row of the run
  std::int64_t number = 0;  ///< within the run
  network::TensorSpec spec;
  std::int64_t count = 0;
  std::int64_t file = 0;
  bool sealed = false;
  std::uint64_t byte = 0;  ///< byte offset of its values in the file
  TensorRecord record;
};

/// A SELECT over all tensors, with the columns that `indexed_tensor` reads; append WHERE and ORDER
/// BY. Tables: run, weight, weight_file.
[[nodiscard]] std::string select_indexed_tensors();
[[nodiscard]] IndexedTensor indexed_tensor(const Statement& row);

/// The problem in an error message, without the leading `file` and without the hint.
[[nodiscard]] std::string problem_of(const Error& error, const std::filesystem::path& file);

/// The input error for values that differ from the recorded ones.
[[nodiscard]] Error damaged_values(const std::filesystem::path& store,
                                   const std::filesystem::path& file, const IndexedTensor& tensor);

/// Safe to use from several threads, like a reader.
class StoredWeights {
 public:
  StoredWeights(const Database& database, std::filesystem::path directory);

  /// Like Reader::weights.
  [[nodiscard]] std::vector<Reader::StoredTensor> read(const std::string& run_id) const;
  /// Throws an input error if the index of weights is inconsistent. Does not read weights.
  void check_index() const;
  /// Like lost_weights() in doctor.h.
  [[nodiscard]] std::vector<LostWeights> lost() const;

  /// Throws an input error if a sealed file's header does not match the index in names, shapes and
  /// offsets. The header may also list all tensors of dropped runs.
  void check_header(const PosixFile& file, std::int64_t number) const;
  /// Returns the rows of runs for which the header of a sealed file lists more tensors than the
  /// index, though the index lists some. Throws an input error for a damaged header.
  [[nodiscard]] std::set<std::int64_t> runs_with_unlisted(const PosixFile& file,
                                                          std::int64_t number) const;
  /// Throws an input error if the values exceed the file or differ from the recorded ones.
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
  mutable std::set<std::int64_t> checked_;  // sealed files with a correct header; they never change
};

}  // namespace minima::store
