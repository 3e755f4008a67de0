#include "store/files/posix_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace minima::store {
namespace {

/// The error if a store is moved or deleted while it is written; the folder existed when the writer
/// started.
Error folder_is_gone(const std::filesystem::path& path) {
  return work_error({path.string(), ""}, "cannot be written: the store was moved or deleted",
                    "leave it in its place and run again");
}

}  // namespace

Error not_a_plain_file(const std::filesystem::path& path, bool is_link) {
  return input_error({path.string(), ""},
                     is_link ? "is a symbolic link, which is not followed inside a store"
                             : "is not a regular file",
                     "put the file itself there, or use another --store");
}

void throw_file_error(const std::filesystem::path& path, const char* what) {
  const int reason = errno;
  const std::string problem = fmt::format("{}: {}", what, std::strerror(reason));
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      throw work_error({path.string(), ""}, problem, "free some space and run again");
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      throw work_error({path.string(), ""}, problem);
    default:
      throw input_error({path.string(), ""}, problem, "check the path and its permissions");
  }
}

PosixFile::PosixFile(std::filesystem::path path, int flags) : path_(std::move(path)) {
  const bool is_folder = (flags & O_DIRECTORY) != 0;
  // Without O_NONBLOCK, opening a pipe would block.
  const int plain = is_folder ? 0 : O_NOFOLLOW | O_NONBLOCK;
  descriptor_ = ::open(path_.c_str(), flags | plain | O_CLOEXEC, 0644);
  if (descriptor_ < 0 && errno == ELOOP && !is_folder) throw not_a_plain_file(path_, true);
  if (descriptor_ < 0 && errno == ENXIO) throw not_a_plain_file(path_, false);
  if (descriptor_ < 0 && errno == ENOENT && (flags & O_CREAT) != 0) throw folder_is_gone(path_);
  if (descriptor_ < 0) throw_file_error(path_, "cannot be opened");
  struct stat status {};
  if (is_folder || ::fstat(descriptor_, &status) != 0 || S_ISREG(status.st_mode)) return;
  close();
  throw not_a_plain_file(path_, false);
}

PosixFile::~PosixFile() {
  close();
}

PosixFile::PosixFile(PosixFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

PosixFile& PosixFile::operator=(PosixFile&& other) noexcept {
  if (this != &other) {
    close();
    path_ = std::move(other.path_);
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void PosixFile::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::uint64_t PosixFile::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) throw_file_error(path_, "cannot be read");
  return static_cast<std::uint64_t>(status.st_size);
}

void PosixFile::read_at(std::span<std::byte> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t got =
        ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_file_error(path_, "cannot be read");
    if (got == 0) {
      throw input_error({path_.string(), fmt::format("byte {}", offset)}, "the file ends too early",
                        "restore it from a copy");
    }
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

void PosixFile::write_at(std::span<const std::byte> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_file_error(path_, "cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
}

void PosixFile::truncate(std::uint64_t size) const {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    throw_file_error(path_, "cannot be written");
  }
}

void PosixFile::sync() const {
  if (::fsync(descriptor_) != 0) throw_file_error(path_, "cannot be written");
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    if (errno == ENOENT) throw folder_is_gone(to);
    throw_file_error(to, "cannot be written");
  }
  const std::filesystem::path folder = to.has_parent_path() ? to.parent_path() : ".";
  PosixFile(folder, O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace minima::store
