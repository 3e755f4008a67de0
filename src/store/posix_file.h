// A file read and written at given places, its descriptor closed by the destructor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/error.h"

namespace minima::store {

/// Every member throws a work error when the disk is full or fails, an input error when the file is
/// missing or may not be accessed.
class PosixFile {
 public:
  PosixFile() = default;
  /// `flags` and 0644 as for open(2); O_CLOEXEC is added. A file may be neither a symbolic link nor
  /// a pipe or device: those of a store that came from someone else could be anything.
  PosixFile(std::filesystem::path path, int flags);
  ~PosixFile();
  PosixFile(PosixFile&& other) noexcept;
  PosixFile& operator=(PosixFile&& other) noexcept;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::uint64_t size() const;
  /// Fills `bytes` from `offset`; an input error when the file ends before.
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

/// Renames, and flushes the folder so that the new name survives a power cut.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// The input error for something that stands where a store has a file.
[[nodiscard]] Error not_a_plain_file(const std::filesystem::path& path, bool is_link);

/// Throws the error for `errno` as it is now.
[[noreturn]] void throw_file_error(const std::filesystem::path& path, const char* what);

}  // namespace minima::store
