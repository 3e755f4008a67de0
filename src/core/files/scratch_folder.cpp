#include "core/files/scratch_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>

#include "core/error.h"

namespace minima {
namespace {

namespace fs = std::filesystem;

fs::path unused_path(const std::string& name) {
  std::error_code error;
  fs::path folder = fs::temp_directory_path(error);
  if (error) folder = "/tmp";
  std::random_device random;
  return folder / fmt::format("{}-{:08x}{:08x}", name, random(), random());
}

/// Fails if the name exists, even as a link that somebody else made.
void make_private_folder(const fs::path& path) {
  constexpr mode_t kOnlyThisUser = 0700;
  if (::mkdir(path.c_str(), kOnlyThisUser) == 0) return;
  throw work_error({path.string(), ""}, fmt::format("cannot be created: {}", std::strerror(errno)),
                   "free space in the temporary folder, or set TMPDIR to another one");
}

}  // namespace

ScratchFolder::ScratchFolder(const std::string& name) : path_(unused_path(name)) {
  unfinished_.emplace(path_, [this] { make_private_folder(path_); });
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace minima
