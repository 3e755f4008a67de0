// The weight files of a store and the index in the database that locates each tensor.
//
// While runs are recorded, values are appended to `weights-NNNN.part`, which has no header. The
// index is authoritative: a tail left by a killed writer is overwritten. Sealing copies the weights
// to keep into `weights-NNNN.safetensors`, in plan order:
//
//   1. write the new file under a temporary name, flush it, rename it       (index: still the part)
//   2. one transaction: the index moves to the new file, dropped runs leave it
//   3. remove the old files
//
// A kill before 2 leaves a new file that the index does not list; a kill after 2 leaves an old one.
// `recover` removes either. A file number is never reused for different content of the same kind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "store/database/sqlite_database.h"
#include "store/files/posix_file.h"
#include "store/records/sqlite_stored_weights.h"

namespace minima::store {

/// "weights-0007.part" or "weights-0007.safetensors".
[[nodiscard]] std::string weights_file_name(std::int64_t number, bool sealed);

/// Weight files, finished or not, that the index does not list.
[[nodiscard]] std::vector<std::filesystem::path> stray_files(
    const Database& database, const std::filesystem::path& directory);

/// Removes the pruning and quantization results of the runs in these rows. Runs in the caller's
/// transaction.
void forget_variants(const Database& database, std::span<const std::int64_t> runs);

/// Resets runs to planned: removes everything recorded for these rows, including variants. Runs in
/// the caller's transaction.
void unrecord(const Database& database, std::span<const std::int64_t> runs);

/// Not thread-safe; guarded by the writer's mutex.
class Weights {
 public:
  Weights(const Database& database, std::filesystem::path directory, std::uint64_t file_bytes);

  /// Removes what a killed writer left. Runs whose values never reached the disk (a power cut)
  /// become planned again.
  void recover();

  /// The location of appended values. They take effect once `index` is called and its transaction
  /// is committed.
  struct Appended {
    std::int64_t file = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Appended append(std::span<const NamedTensor> tensors);
  /// Runs in the caller's transaction.
  void index(std::int64_t run, std::span<const NamedTensor> tensors, const Appended& place);
  /// Call after the commit. Returns true if the part file has reached its limit and should be
  /// sealed.
  bool committed(const Appended& place);

  void seal();
  /// Like seal(), and always rewrites the sealed files with these numbers.
  void rewrite(const std::set<std::int64_t>& numbers);

 private:
  struct File {
    std::int64_t number = 0;
    bool sealed = false;
    std::uint64_t data_start = 0;
    std::uint64_t bytes = 0;  ///< bytes of values, including dropped ones
    std::uint64_t live = 0;   ///< bytes of values to keep
  };
  struct Tensor {
    IndexedTensor from;
    std::uint64_t bytes = 0;
    std::uint32_t checksum = 0;  ///< set once its values are copied
  };
  struct Output {
    std::int64_t number = 0;
    std::uint64_t data_start = 0;
    std::uint64_t bytes = 0;
    std::vector<Tensor> tensors;
  };

  void open_part();
  [[nodiscard]] std::vector<std::int64_t> lost_runs(std::int64_t part) const;
  [[nodiscard]] std::vector<std::int64_t> dropped_runs() const;
  [[nodiscard]] std::vector<File> files(const std::vector<std::int64_t>& dropped) const;
  [[nodiscard]] bool is_lost(const File& file) const;
  [[nodiscard]] std::vector<File> sources(const std::vector<File>& files,
                                          const std::set<std::int64_t>& chosen) const;
  [[nodiscard]] std::vector<Tensor> tensors_in(const std::vector<File>& files,
                                               const std::vector<std::int64_t>& dropped) const;
  [[nodiscard]] std::vector<Output> arrange(std::vector<Tensor> tensors,
                                            const std::vector<File>& from) const;
  void write(Output& output, const std::vector<File>& from) const;
  void write(const std::filesystem::path& path, Output& output, const std::string& header,
             const std::vector<File>& from) const;
  void move_index(const std::vector<Output>& outputs, const std::vector<File>& from,
                  const std::vector<std::int64_t>& dropped) const;
  [[nodiscard]] std::int64_t next_number() const;

  const Database& database_;
  std::filesystem::path directory_;
  std::uint64_t file_bytes_;
  Statement insert_file_;
  Statement insert_tensor_;
  PosixFile part_;
  std::int64_t part_number_ = 0;
  std::uint64_t part_end_ = 0;
};

}  // namespace minima::store
