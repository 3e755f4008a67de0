// One writer per store.
#pragma once

#include <filesystem>

#include "store/posix_file.h"

namespace minima::store {

/// Holds the file `lock` of a store, which names the holder, until it is destroyed or its process
/// dies: the kernel releases it, so a killed writer never leaves a store locked.
class Lock {
 public:
  /// Throws an input error that names process and host of the holder when there is one.
  explicit Lock(const std::filesystem::path& directory);

 private:
  PosixFile file_;
};

}  // namespace minima::store
