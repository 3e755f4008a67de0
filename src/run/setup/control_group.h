#pragma once

#include <cstdint>
#include <filesystem>

namespace minima::run {

/// The memory limit of this process's control group (cgroup, version 1 or 2) in bytes; 0: none. It
/// is the relevant limit in a container and in a batch job. Groups are nested, so it is the
/// smallest limit of the group and of all groups above it. `root` replaces / in tests.
[[nodiscard]] std::uint64_t control_group_memory(const std::filesystem::path& root = "/");

}  // namespace minima::run
