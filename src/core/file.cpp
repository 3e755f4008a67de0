#include "core/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

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
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path temporary = path;
  temporary += fmt::format(".{}.tmp", ::getpid());
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) {
    throw input_error({path.string(), ""}, fmt::format("cannot be written: {}", std::strerror(errno)),
                      "choose a folder that exists and is writable");
  }
  try {
    write_all(file, content, path);
  } catch (...) {
    ::close(file);
    ::unlink(temporary.c_str());
    throw;
  }
  const bool kept = ::fsync(file) == 0;
  const bool closed = ::close(file) == 0;
  if (!kept || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    throw work_error({path.string(), ""}, fmt::format("cannot be written: {}", std::strerror(reason)));
  }
}

}  // namespace minima
