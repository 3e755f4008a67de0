// Files written whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace minima {

/// The whole file as bytes; an input error naming the file when it cannot be opened, a work error
/// when reading breaks off.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// The same of a file of at most `most` bytes; no more is read of a larger one, and of what has no
/// end (a device, a pipe), which is an input error.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::size_t most);

/// The number of the open file that a path means, itself or by links: /dev/stdout, /dev/fd/3.
[[nodiscard]] std::optional<int> open_file_named(const std::filesystem::path& path);

/// Makes a folder, and those above it, where there is none. A work error on a full disk, an input
/// error where there can be none.
void make_folder(const std::filesystem::path& folder);

/// Input error where `path` cannot be a file of its own: its folder is missing or read-only, it is
/// a folder, a device, a pipe or an open file. For what is written after long work, or together
/// with other files.
void refuse_unless_plain_file(const std::filesystem::path& path);

/// Writes to a temporary file beside `named`, flushes it to the disk and renames it: a reader sees
/// the old content or the new one, never a part. Symbolic links are followed and stay. A file that
/// exists keeps its permissions. A device, a pipe and an open file (/dev/stdout, /dev/fd/3) are
/// written to directly. A work error (exit code 1) on a full disk, an input error (exit code 2)
/// where the place cannot be written at all.
void write_file_atomically(const std::filesystem::path& named, std::string_view content);

/// Removes the temporary files of `path` that killed processes of this machine left beside it;
/// write_file_atomically() does so as well.
void remove_stray_temporaries(const std::filesystem::path& path);

}  // namespace minima
