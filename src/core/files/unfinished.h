// Temporary files and folders that are removed when a signal ends the program.
#pragma once

#include <filesystem>
#include <functional>

namespace minima {

/// A temporary path. remove_unfinished() removes it during the lifetime of this object; the
/// destructor does not.
class Unfinished {
 public:
  /// Calls `create` and registers the path as one step, so that no signal is handled in between.
  Unfinished(std::filesystem::path path, const std::function<void()>& create);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::filesystem::path path_;
};

/// Removes all unfinished paths and blocks new ones on every thread; for a program that ends
/// immediately. Gives up after one second if a file system does not respond.
void remove_unfinished();

}  // namespace minima
