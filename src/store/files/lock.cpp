#include "store/files/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "core/error.h"
#include "core/text.h"

namespace minima::store {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "this machine";
  return name.data();
}

// Returns "process 123 on host" as written by the holder. The text is missing while the holder is
// between locking and writing.
std::string holder(const PosixFile& file) {
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), 300)), '\0');
  file.read_at(std::as_writable_bytes(std::span(text)), 0);
  const std::string name(trim(text));
  return name.empty() ? "another process" : printable(name);
}

}  // namespace

Lock::Lock(const std::filesystem::path& directory) : file_(directory / "lock", O_RDWR | O_CREAT) {
  // A reader that checks for a writer holds the lock for an instant, so try again a few times.
  int attempts_left = 5;
  while (::flock(file_.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK && --attempts_left > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    if (errno == EWOULDBLOCK) {
      throw input_error({directory.string(), ""}, "is being written by " + holder(file_),
                        "wait for it or use another --store");
    }
    throw_file_error(file_.path(), "cannot be locked");
  }
  const std::string name = fmt::format("process {} on {}\n", ::getpid(), host_name());
  file_.truncate(0);
  file_.write_at(std::as_bytes(std::span(name)), 0);
}

}  // namespace minima::store
