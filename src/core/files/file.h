// Reads and writes whole files. Writes are atomic.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace minima {

/// The whole file as bytes. Input error if it cannot be opened, work error if reading fails midway.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// The same for a file of at most `most` bytes. Input error if the file is larger or endless (a
/// device, a pipe); reading stops at the limit.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::size_t most);

/// The descriptor of the open file that a path refers to, directly or through links: /dev/stdout,
/// /dev/fd/3.
[[nodiscard]] std::optional<int> open_file_named(const std::filesystem::path& path);

/// Creates a folder and its missing parents. Work error on a full disk, input error if it cannot be
/// created.
void make_folder(const std::filesystem::path& folder);

/// Input error if `path` cannot be a regular file: its folder is missing or read-only, or it is a
/// folder, a device, a pipe or an open file. Call it before long work, or before writing several
/// files together.
void refuse_unless_plain_file(const std::filesystem::path& path);

/// Writes to a temporary file beside `named`, flushes it to the disk and renames it. Readers see
/// the old content or the new one, never a part. Symbolic links are followed and kept. An existing
/// file keeps its permissions. Devices, pipes and open files (/dev/stdout, /dev/fd/3) are written
/// to directly. Work error (exit code 1) on a full disk, input error (exit code 2) if the location
/// is not writable.
void write_file_atomically(const std::filesystem::path& named, std::string_view content);

/// Removes temporary files of `path` that killed processes on this machine left beside it.
/// write_file_atomically() calls it too.
void remove_stray_temporaries(const std::filesystem::path& path);

}  // namespace minima
