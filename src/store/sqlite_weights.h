// The weights of a store: their files, and the index in the database that says what is where.
//
// While runs are recorded, values are appended to `weights-NNNN.part`, without a header; the index
// is the truth, so a tail that a killed writer left is simply overwritten. Sealing copies what is
// to be kept into `weights-NNNN.safetensors`, in the order of the plan:
//
//   1. write the new file under a temporary name, flush it, rename it       (index: still the part)
//   2. one transaction: the index moves to the new file, dropped runs leave it
//   3. remove the old files
//
// A kill before 2 leaves a new file that the index does not know, a kill after 2 an old one:
// `recover` removes either. A file number never means two different contents of the same kind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "store/posix_file.h"
#include "store/sqlite_database.h"
#include "store/sqlite_stored_weights.h"

namespace minima::store {

/// File of a number: "weights-0007.part" or "weights-0007.safetensors".
[[nodiscard]] std::string weights_file_name(std::int64_t number, bool sealed);

/// Files of weights, finished or not, that the index does not know.
[[nodiscard]] std::vector<std::filesystem::path> stray_files(
    const Database& database, const std::filesystem::path& directory);

/// Removes what pruning and quantization recorded of the runs in these rows. Within the caller's
/// transaction.
void forget_variants(const Database& database, std::span<const std::int64_t> runs);

/// Makes runs planned again: everything that was recorded of these rows goes, their variants too.
/// Within the caller's transaction.
void unrecord(const Database& database, std::span<const std::int64_t> runs);

/// Not thread-safe: the writer's mutex guards it.
class Weights {
 public:
  Weights(const Database& database, std::filesystem::path directory, std::uint64_t file_bytes);

  /// Clears away what a killed writer left. Runs whose values never reached the disk (a power cut)
  /// become planned again.
  void recover();

  /// Where values were appended; they count once `index` is called and its transaction committed.
  struct Appended {
    std::int64_t file = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Appended append(std::span<const NamedTensor> tensors);
  /// Within the caller's transaction.
  void index(std::int64_t run, std::span<const NamedTensor> tensors, const Appended& place);
  /// After the commit. True when the part has grown to its limit and should be sealed.
  bool committed(const Appended& place);

  void seal();
  /// The same; sealed files of these numbers are written again, whatever is in them.
  void rewrite(const std::set<std::int64_t>& numbers);

 private:
  struct File {
    std::int64_t number = 0;
    bool sealed = false;
    std::uint64_t data_start = 0;
    std::uint64_t bytes = 0;  ///< of values, dropped ones included
    std::uint64_t live = 0;   ///< of values to be kept
  };
  struct Tensor {
    IndexedTensor from;
    std::uint64_t bytes = 0;
    std::uint32_t checksum = 0;  ///< once its values were copied
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
