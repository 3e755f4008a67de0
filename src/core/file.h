// Files written whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace minima {

/// The whole file as bytes; an input error naming the file when it cannot be opened, a work error
/// when reading breaks off.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Writes to a temporary file beside `named`, flushes it to the disk and renames it: a reader sees
/// the old content or the new one, never a part. Symbolic links are followed and stay. A device, a
/// pipe and an open file (/dev/stdout, /dev/fd/3) are written to directly. A work error (exit code
/// 1) on a full disk, an input error (exit code 2) where the place cannot be written at all.
void write_file_atomically(const std::filesystem::path& named, std::string_view content);

}  // namespace minima
