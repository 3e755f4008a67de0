// Is a downloaded file what it should be?
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/fetch/remote_sets.h"

namespace minima::data {

/// What is wrong with the content of the file at `path`, for people; nothing when every part of
/// `expected` is there with the right SHA-256. The path's own name does not matter.
[[nodiscard]] std::optional<std::string> content_problem(const std::filesystem::path& path,
                                                         const RemoteFile& expected);

}  // namespace minima::data
