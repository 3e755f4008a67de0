// A folder that a refused writer leaves as if it had never been there.
#pragma once

#include <filesystem>
#include <vector>

namespace minima::store {

/// Removes what was made of a store that could not be opened: its lock, its database, and the
/// folders that were not there before. Does nothing once it is kept, or where the folder was there.
/// Goes before the lock and the database: it is destroyed after them.
class CreatedFolder {
 public:
  CreatedFolder() = default;
  ~CreatedFolder();
  CreatedFolder(const CreatedFolder&) = delete;
  CreatedFolder& operator=(const CreatedFolder&) = delete;

  /// Before `directory` and the folders above it are made.
  void expect(const std::filesystem::path& directory);
  /// The lock is ours: what is in the folder is, too.
  void own() { owned_ = true; }
  void keep() { folders_.clear(); }

 private:
  std::vector<std::filesystem::path> folders_;  // that were missing, innermost first
  bool owned_ = false;
};

}  // namespace minima::store
