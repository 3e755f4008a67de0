// Writes several files as one tar archive.
#pragma once

#include <span>
#include <string>

namespace minima::data {

struct ArchivedFile {
  std::string name;  ///< relative, with "/" between folders
  std::string content;
};

/// The bytes of a tar archive (POSIX ustar, or pax for long names). The same files give the same
/// bytes: times are 0, and the files have no owner. Work error if the archive cannot be made.
[[nodiscard]] std::string tar_of(std::span<const ArchivedFile> files);

}  // namespace minima::data
