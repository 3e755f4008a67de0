// Removes a new store folder when its writer could not be opened.
#pragma once

#include <filesystem>
#include <vector>

namespace minima::store {

/// Removes the lock, the database and the new folders of a store that could not be opened. Does
/// nothing after keep(), or if the folder already existed. Declare it before the lock and the
/// database, so that it is destroyed after them.
class CreatedFolder {
 public:
  CreatedFolder() = default;
  ~CreatedFolder();
  CreatedFolder(const CreatedFolder&) = delete;
  CreatedFolder& operator=(const CreatedFolder&) = delete;

  /// Call before `directory` and its missing parents are created.
  void expect(const std::filesystem::path& directory);
  /// Call once the lock is held: the contents of the folder then belong to this writer.
  void own() { owned_ = true; }
  void keep() { folders_.clear(); }

 private:
  std::vector<std::filesystem::path> folders_;  // missing before, innermost first
  bool owned_ = false;
};

}  // namespace minima::store
