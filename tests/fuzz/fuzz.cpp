#include "fuzz.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/error.h"

namespace minima::fuzz {
namespace {

class Scratch {
 public:
  Scratch() {
    const bool in_memory = ::access("/dev/shm", W_OK) == 0;
    const std::filesystem::path parent =
        in_memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = parent / "minima-fuzz-XXXXXX";
    require(::mkdtemp(pattern.data()) != nullptr, "no folder for files could be made");
    path = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path path;
};

}  // namespace

const std::filesystem::path& scratch() {
  static const Scratch folder;
  return folder.path;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  require(static_cast<bool>(out.flush()), "a file could not be written");
}

std::string text_of(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

std::size_t take_choice(Bytes& bytes, std::size_t count) {
  if (bytes.empty()) return 0;
  const std::size_t choice = bytes[0] % count;
  bytes = bytes.subspan(1);
  return choice;
}

bool accepted(const std::function<void()>& action) {
  try {
    action();
    return true;
  } catch (const Error& error) {
    const std::string_view line = error.what();
    require(!line.empty(), "an error says nothing");
    require(line.find('\n') == std::string_view::npos, "an error has more than one line");
    return false;
  }
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "finding: %s\n", what);
  std::abort();
}

}  // namespace minima::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  minima::fuzz::try_input({data, size});
  return 0;
}
