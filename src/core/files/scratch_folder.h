// Folders that exist only while the program works.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/files/unfinished.h"

namespace minima {

/// A new folder within $TMPDIR [/tmp], which only this user can read. It is removed with the
/// object, and when a signal ends the program.
class ScratchFolder {
 public:
  /// `name`: the beginning of its name. Throws a work error if it cannot be created.
  explicit ScratchFolder(const std::string& name);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::optional<Unfinished> unfinished_;
};

}  // namespace minima
