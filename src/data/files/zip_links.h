// The symbolic links of a zip archive.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace minima::data {

/// Names of the entries that are links. Only the list at the end of the archive tells them from
/// files, so that a stream cannot. A damaged list yields the links before the damage.
[[nodiscard]] std::set<std::string> links_of_zip(const std::filesystem::path& path);

}  // namespace minima::data
