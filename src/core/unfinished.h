// Temporary files and folders that must not outlive a program that a signal ends.
#pragma once

#include <filesystem>
#include <functional>

namespace minima {

/// A temporary path. remove_unfinished() removes it while this lives; the destructor leaves it.
class Unfinished {
 public:
  /// Calls `create` in one step with noting the path down, so that no signal comes in between.
  Unfinished(std::filesystem::path path, const std::function<void()>& create);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::filesystem::path path_;
};

/// Removes what is unfinished and lets nothing new begin, on any thread: for a program that ends at
/// once. Gives up after a second where a file system does not answer.
void remove_unfinished();

}  // namespace minima
