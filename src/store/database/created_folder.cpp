#include "store/database/created_folder.h"

#include <string>

#include "store/database/sqlite_schema.h"

namespace minima::store {

void CreatedFolder::expect(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::absolute(directory, error).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // "store/"
  while (!folder.empty() && !std::filesystem::exists(folder, error) && folder.has_relative_path()) {
    folders_.push_back(folder);
    folder = folder.parent_path();
  }
}

CreatedFolder::~CreatedFolder() {
  if (folders_.empty()) return;
  std::error_code ignored;
  if (owned_) {
    const std::filesystem::path& folder = folders_.front();
    std::filesystem::remove(folder / "lock", ignored);
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) {
      std::filesystem::remove(folder / (std::string(kDatabaseName) + ending), ignored);
    }
  }
  // A folder that received another file meanwhile is not empty, so remove() leaves it.
  for (const std::filesystem::path& folder : folders_) std::filesystem::remove(folder, ignored);
}

}  // namespace minima::store
