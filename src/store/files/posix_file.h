// A file that is read and written at given offsets. The destructor closes its descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/error.h"

namespace minima::store {

/// Every member throws a work error if the disk is full or fails, and an input error if the file is
/// missing or access is denied.
class PosixFile {
 public:
  PosixFile() = default;
  /// Opens with `flags` and mode 0644 as in open(2); adds O_CLOEXEC. Symbolic links, pipes and
  /// devices are refused, because a store from someone else may contain them.
  PosixFile(std::filesystem::path path, int flags);
  ~PosixFile();
  PosixFile(PosixFile&& other) noexcept;
  PosixFile& operator=(PosixFile&& other) noexcept;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::uint64_t size() const;
  /// Fills `bytes` from `offset`; throws an input error if the file is too short.
  void read_at(std::span<std::byte> bytes, std::uint64_t offset) const;
  void write_at(std::span<const std::byte> bytes, std::uint64_t offset) const;
  void truncate(std::uint64_t size) const;
  /// Flushes the content to the disk.
  void sync() const;
  void close();

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Renames a file and flushes the folder, so that the new name survives a power cut.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Returns the input error for a store file that is a link or not a regular file.
[[nodiscard]] Error not_a_plain_file(const std::filesystem::path& path, bool is_link);

/// Throws the error for the current `errno`.
[[noreturn]] void throw_file_error(const std::filesystem::path& path, const char* what);

}  // namespace minima::store
