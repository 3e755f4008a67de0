// Allows one writer per store.
#pragma once

#include <filesystem>

#include "store/files/posix_file.h"

namespace minima::store {

/// Holds the file `lock` of a store, which names its holder. The kernel releases the lock when the
/// process dies, so a killed writer never leaves a store locked.
class Lock {
 public:
  /// Throws an input error that names the process and host of the current holder.
  explicit Lock(const std::filesystem::path& directory);

 private:
  PosixFile file_;
};

}  // namespace minima::store
