// Checks the content of a downloaded file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/fetch/remote_sets.h"

namespace minima::data {

/// Describes what is wrong with the content of the file at `path`; nullopt if every part of
/// `expected` is present with the right SHA-256. Ignores the file name.
[[nodiscard]] std::optional<std::string> content_problem(const std::filesystem::path& path,
                                                         const RemoteFile& expected);

}  // namespace minima::data
