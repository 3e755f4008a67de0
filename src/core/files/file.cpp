#include "core/files/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <vector>

#include "core/error.h"
#include "core/files/unfinished.h"
#include "core/text.h"

namespace minima {
namespace {

/// A work error (exit code 1) if the machine lacks a resource, otherwise an input error (exit code
/// 2).
Error write_error(const std::filesystem::path& path, int reason,
                  const char* what = "cannot be written") {
  const std::string problem = fmt::format("{}: {}", what, std::strerror(reason));
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return work_error({path.string(), ""}, problem, "free some space and try again");
    case EACCES:
    case EINVAL:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENOENT:
    case ENOTDIR:
    case ENXIO:
    case EPERM:
    case EROFS:
      return input_error({path.string(), ""}, problem,
                         "choose a folder that exists and is writable");
    default:
      return work_error({path.string(), ""}, problem);
  }
}

void write_all(int file, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw write_error(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

int open_for_writing(const std::filesystem::path& name, int flags, mode_t mode,
                     const std::filesystem::path& shown) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CLOEXEC | flags, mode);
  if (file < 0) throw write_error(shown, errno);
  return file;
}

Error a_folder(const std::filesystem::path& path) {
  return input_error({path.string(), ""}, "is a folder, expected a file", "add a file name");
}

/// Whether the entries of this folder are open file descriptors, not paths to write to.
bool holds_descriptors(const std::filesystem::path& folder) {
  const std::filesystem::path plain = folder.lexically_normal();
  return plain == "/proc/self/fd" || plain == "/dev/fd";
}

/// The target of the symbolic links of `path`; it need not exist. Renaming a file onto a link would
/// replace the link and leave its target unchanged.
std::filesystem::path followed(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // the limit of Linux
  std::error_code error;
  for (int links = 0; links < kMostLinks && std::filesystem::is_symlink(path, error); ++links) {
    if (holds_descriptors(path.parent_path())) break;
    const std::filesystem::path target = std::filesystem::read_symlink(path, error);
    if (error) break;
    // Not normalised: if x is a link, x/.. is the folder above its target.
    path = path.parent_path() / target;
  }
  return path;
}

// Written to directly, because renaming would replace /dev/null or a named pipe with a plain file.
void write_device(const std::filesystem::path& path, std::string_view content) {
  const int file = open_for_writing(path, 0, 0, path);
  try {
    write_all(file, content, path);
  } catch (...) {
    ::close(file);
    throw;
  }
  if (::close(file) != 0) throw write_error(path, errno);
}

/// Makes a rename survive a power failure, if the file system supports syncing a folder and the
/// folder is readable.
void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  const int reason = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (reason != 0 && reason != EINVAL && reason != ENOTSUP) throw write_error(path, reason);
}

/// Permissions of the file to be replaced; 0 if there is none.
mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

/// Creates the file exclusively, because anyone who may write to the folder could have put a link
/// there. A leftover of a killed process with our process ID is removed first.
int create_temporary(const std::filesystem::path& temporary, const std::filesystem::path& shown) {
  ::unlink(temporary.c_str());
  return open_for_writing(temporary, O_CREAT | O_EXCL | O_NOFOLLOW, 0644, shown);
}

/// The ID of the process that owns a temporary file of `name`: "NAME.123.tmp".
std::optional<pid_t> owner_of(std::string_view temporary, const std::string& name) {
  constexpr std::string_view kEnding = ".tmp";
  if (!temporary.starts_with(name + ".") || !temporary.ends_with(kEnding)) return std::nullopt;
  temporary.remove_prefix(name.size() + 1);
  if (temporary.size() <= kEnding.size()) return std::nullopt;
  temporary.remove_suffix(kEnding.size());
  pid_t process = 0;
  const char* last = temporary.data() + temporary.size();
  const auto [end, error] = std::from_chars(temporary.data(), last, process);
  if (error != std::errc() || end != last || process <= 0) return std::nullopt;
  return process;
}

/// Writes, flushes and closes the file. Returns the errno of the step that failed, or 0.
int fill(int file, mode_t mode, std::string_view content, const std::filesystem::path& path) {
  try {
    write_all(file, content, path);
  } catch (...) {
    ::close(file);
    throw;
  }
  int reason = 0;
  if (mode != 0 && ::fchmod(file, mode) != 0) reason = errno;
  if (::fsync(file) != 0) reason = errno;
  if (::close(file) != 0) reason = errno;
  return reason;
}

void write_and_rename(const std::filesystem::path& path, std::string_view content) {
  remove_stray_temporaries(path);
  std::filesystem::path temporary = path;
  temporary += fmt::format(".{}.tmp", ::getpid());
  int file = -1;
  const Unfinished unfinished(temporary, [&] { file = create_temporary(temporary, path); });
  try {
    const int reason = fill(file, mode_of(path), content, path);
    if (reason != 0) throw write_error(path, reason);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw write_error(path, errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(path);
}

}  // namespace

std::optional<int> open_file_named(const std::filesystem::path& named) {
  const std::filesystem::path path = followed(named);
  if (!holds_descriptors(path.parent_path())) return std::nullopt;
  const std::string name = path.filename().string();
  int descriptor = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), descriptor);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return descriptor;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw write_error(folder, error.value(), "the folder cannot be created");
}

void refuse_unless_plain_file(const std::filesystem::path& named) {
  const std::filesystem::path path = followed(named);
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::directory) throw a_folder(named);
  const bool is_other = kind != std::filesystem::file_type::regular &&
                        kind != std::filesystem::file_type::not_found &&
                        kind != std::filesystem::file_type::none;
  if (is_other || open_file_named(path)) {
    throw input_error({named.string(), ""}, "is a device or a pipe, expected a file",
                      "name a file in a folder");
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!std::filesystem::is_directory(folder, error)) throw write_error(named, ENOENT);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) throw write_error(named, errno);
}

std::string read_file(const std::filesystem::path& path) {
  return read_file(path, std::numeric_limits<std::size_t>::max());
}

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw input_error({path.string(), ""}, "is a folder, expected a file");
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
    if (content.size() > most) {
      throw input_error({path.string(), ""}, fmt::format("is larger than {}", human_bytes(most)),
                        "check the path");
    }
  } while (in);
  if (in.bad()) {
    throw work_error({path.string(), fmt::format("byte {}", content.size())},
                     fmt::format("reading failed: {}", std::strerror(errno)), "check the disk");
  }
  return content;
}

void remove_stray_temporaries(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const auto owner = owner_of(entry->path().filename().string(), path.filename().string());
    const bool is_left = owner && ::kill(*owner, 0) != 0 && errno == ESRCH;
    std::error_code ignored;
    if (is_left) std::filesystem::remove(entry->path(), ignored);
  }
}

void write_file_atomically(const std::filesystem::path& named, std::string_view content) {
  const std::filesystem::path path = followed(named);
  if (const auto descriptor = open_file_named(path)) {
    write_all(*descriptor, content, named);
    return;
  }
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::directory) throw a_folder(path);
  if (kind != std::filesystem::file_type::regular && std::filesystem::exists(path, error)) {
    write_device(path, content);
    return;
  }
  write_and_rename(path, content);
}

}  // namespace minima
