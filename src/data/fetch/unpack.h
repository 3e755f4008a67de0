// Unpacks a fetched archive.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace minima::data {

/// Puts the named files of a zip archive into `folder` under their names in the archive, each whole
/// or not at all. Other files of the archive are not written. Throws an input error if the archive
/// is damaged or lacks a name, and like write_file_atomically. Holds one file in memory at a time.
void unpack_zip(const std::filesystem::path& archive, const std::filesystem::path& folder,
                const std::vector<std::string>& names);

}  // namespace minima::data
