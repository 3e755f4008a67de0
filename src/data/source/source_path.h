// How a dataset is found by its path: relative to a base folder, with "~", spelled in one way.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace minima::data {

/// The file or folder that `name` means. "~" and "~/..." begin in the home folder unless a file of
/// that name exists. A relative path is relative to `base` (empty: the working folder). If nothing
/// is there, but something is in the working folder, it means the latter.
[[nodiscard]] std::filesystem::path resolved_path(const std::string& name,
                                                  const std::filesystem::path& base);

/// Whether a file or folder of that name exists.
[[nodiscard]] bool path_exists(std::string_view name, const std::filesystem::path& base);

/// `name` without ".", doubled slashes and slashes at the end; relative to `base` if it lies in it.
/// Links and ".." stay, because only the file system knows what they mean.
[[nodiscard]] std::string shortened_path(std::string_view name, const std::filesystem::path& base);

}  // namespace minima::data
