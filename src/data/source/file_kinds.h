// What minima reads, and how other kinds of files are converted to it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "data/files/archive_kind.h"

namespace minima::data {

/// A kind of dataset that is read.
struct ReadKind {
  std::string name;    ///< "image folder"
  std::string layout;  ///< the files it consists of, one line
};
[[nodiscard]] std::span<const ReadKind> read_kinds();

/// A kind of file that is not read, and Python that converts it to a NumPy archive.
struct UnreadKind {
  std::string name;                  ///< "Parquet file"
  std::vector<std::string> endings;  ///< ".parquet"
  std::string python;                ///< a program of about ten lines
};
[[nodiscard]] std::span<const UnreadKind> unread_kinds();

/// Throws an input error if the path is a file of no known kind, or a folder that holds no image
/// folder but files that say what it is. It names what is there and how to go on.
void refuse_unreadable(const std::filesystem::path& path);

/// The refusal of an archive that holds nothing that is read from archives.
[[nodiscard]] Error refused_archive(const std::filesystem::path& path, ArchiveContent content);

}  // namespace minima::data
