// Runs other programs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace minima::app {

/// Runs a program of $PATH and waits for its end; its standard error goes to the file `errors`.
/// Returns its exit status, or 1 if a signal ended it; empty if $PATH has no such program. Work
/// error if the system cannot start it.
[[nodiscard]] std::optional<int> exit_status_of(std::vector<std::string> command,
                                                const std::filesystem::path& errors);

}  // namespace minima::app
