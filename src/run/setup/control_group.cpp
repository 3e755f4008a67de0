// /proc/self/cgroup has a line ID:CONTROLLERS:PATH for each hierarchy (cgroups(7)). Version 2 has
// one hierarchy, with the ID 0 and no controllers; in version 1, memory is one of the controllers.
#include "run/setup/control_group.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

#include "core/text.h"

namespace minima::run {
namespace {

namespace fs = std::filesystem;

/// Where the limits of a group are: in file `name` of each folder from `mount` to `mount`/`group`.
struct Hierarchy {
  fs::path mount;
  std::string name;
  fs::path group;
};

std::optional<Hierarchy> memory_hierarchy(const std::string& line, const fs::path& root) {
  const std::size_t first = line.find(':');
  const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
  if (second == std::string::npos) return std::nullopt;
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const fs::path group = fs::path(line.substr(second + 1)).relative_path();
  const fs::path mount = root / "sys/fs/cgroup";
  if (controllers.empty()) return Hierarchy{mount, "memory.max", group};
  const std::vector<std::string> names = split(controllers, ',');
  if (std::ranges::find(names, "memory") == names.end()) return std::nullopt;
  return Hierarchy{mount / "memory", "memory.limit_in_bytes", group};
}

/// 0 if the file does not exist or says "max".
std::uint64_t limit_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t bytes = 0;
  return in >> bytes ? bytes : 0;
}

std::uint64_t smaller(std::uint64_t a, std::uint64_t b) {
  return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

// In a container the path may be that of the host. Folders that do not exist here are skipped; the
// mount itself is then the container's group.
std::uint64_t smallest_limit(const Hierarchy& hierarchy) {
  fs::path folder = hierarchy.mount;
  std::uint64_t limit = limit_in(folder / hierarchy.name);
  for (const fs::path& part : hierarchy.group) {
    folder /= part;
    limit = smaller(limit, limit_in(folder / hierarchy.name));
  }
  return limit;
}

}  // namespace

std::uint64_t control_group_memory(const fs::path& root) {
  std::ifstream groups(root / "proc/self/cgroup");
  std::uint64_t limit = 0;
  for (std::string line; std::getline(groups, line);) {
    if (const auto hierarchy = memory_hierarchy(line, root)) {
      limit = smaller(limit, smallest_limit(*hierarchy));
    }
  }
  return limit;
}

}  // namespace minima::run
