#include "core/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <vector>

#include "core/error.h"

namespace minima {
namespace {

void write_all(int file, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw work_error({path.string(), ""}, fmt::format("cannot write: {}", std::strerror(errno)),
                       "free some space and try again");
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

int open_for_writing(const std::filesystem::path& name, int flags,
                     const std::filesystem::path& shown) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644);
  if (file < 0) {
    throw input_error({shown.string(), ""},
                      fmt::format("cannot be written: {}", std::strerror(errno)),
                      "choose a folder that exists and is writable");
  }
  return file;
}

/// Whether the files of this folder are open files, not paths to write to.
bool holds_descriptors(const std::filesystem::path& folder) {
  const std::filesystem::path plain = folder.lexically_normal();
  return plain == "/proc/self/fd" || plain == "/dev/fd";
}

/// Where the symbolic links of `path` end, which need not exist. Renaming a file onto a link would
/// replace the link and leave its target unchanged.
std::filesystem::path followed(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as Linux
  std::error_code error;
  for (int links = 0; links < kMostLinks && std::filesystem::is_symlink(path, error); ++links) {
    if (holds_descriptors(path.parent_path())) break;
    const std::filesystem::path target = std::filesystem::read_symlink(path, error);
    if (error) break;
    // Not simplified: where x is a link, x/.. is the folder above its target.
    path = path.parent_path() / target;
  }
  return path;
}

/// The open file that /dev/stdout, /dev/fd/3 and the like stand for.
std::optional<int> descriptor_of(const std::filesystem::path& path) {
  if (!holds_descriptors(path.parent_path())) return std::nullopt;
  const std::string name = path.filename().string();
  int descriptor = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), descriptor);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return descriptor;
}

// Renaming would put a plain file in the place of /dev/null or a named pipe.
void write_device(const std::filesystem::path& path, std::string_view content) {
  const int file = open_for_writing(path, 0, path);
  try {
    write_all(file, content, path);
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
}

/// Makes a rename survive a power cut. File systems that cannot sync a folder need not.
void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  static_cast<void>(::fsync(file));
  ::close(file);
}

void write_and_rename(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path temporary = path;
  temporary += fmt::format(".{}.tmp", ::getpid());
  const int file = open_for_writing(temporary, O_CREAT | O_TRUNC, path);
  try {
    write_all(file, content, path);
  } catch (...) {
    ::close(file);
    ::unlink(temporary.c_str());
    throw;
  }
  const bool kept = ::fsync(file) == 0;
  const int sync_error = errno;
  const bool closed = ::close(file) == 0;
  if (!kept || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = kept ? errno : sync_error;
    ::unlink(temporary.c_str());
    throw work_error({path.string(), ""},
                     fmt::format("cannot be written: {}", std::strerror(reason)));
  }
  sync_folder(path);
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw input_error({path.string(), ""}, "is a folder, a file is needed");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw input_error({path.string(), ""}, fmt::format("cannot be read: {}", std::strerror(errno)),
                      "check the path");
  }
  std::string content;
  std::vector<char> piece(1 << 16);
  do {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    content.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  } while (in);
  if (in.bad()) {
    throw work_error({path.string(), fmt::format("byte {}", content.size())},
                     fmt::format("reading failed: {}", std::strerror(errno)), "check the disk");
  }
  return content;
}

void write_file_atomically(const std::filesystem::path& named, std::string_view content) {
  const std::filesystem::path path = followed(named);
  if (const auto descriptor = descriptor_of(path)) {
    write_all(*descriptor, content, named);
    return;
  }
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::directory) {
    throw input_error({path.string(), ""}, "is a folder, a file is needed", "add a file name");
  }
  if (kind != std::filesystem::file_type::regular && std::filesystem::exists(path, error)) {
    write_device(path, content);
    return;
  }
  write_and_rename(path, content);
}

}  // namespace minima
