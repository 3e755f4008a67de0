#include "run/setup/machine.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string_view>
#include <thread>

#include "core/text.h"
#include "run/setup/control_group.h"

namespace minima::run {
namespace {

std::string processor_name() {
  std::ifstream facts("/proc/cpuinfo");
  for (std::string line; std::getline(facts, line);) {
    if (!line.starts_with("model name")) continue;
    const auto colon = line.find(':');
    if (colon != std::string::npos) return std::string(trim(line.substr(colon + 1)));
  }
  return "";
}

std::uint64_t physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  const bool is_known = pages > 0 && page_bytes > 0;
  return is_known ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) : 0;
}

// Limit set by `ulimit -v`; 0: unlimited.
std::uint64_t address_space() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  return limit.rlim_cur;
}

std::uint64_t usable_memory() {
  const std::uint64_t physical = physical_memory();
  std::uint64_t usable = physical;
  for (const std::uint64_t limit : {control_group_memory(), address_space()}) {
    if (limit > 0) usable = usable == 0 ? limit : std::min(usable, limit);
  }
  return usable;
}

/// Name of the operating system (os-release(5)) and of its kernel.
std::string system_name() {
  std::string name;
  std::ifstream facts("/etc/os-release");
  for (std::string line; std::getline(facts, line);) {
    constexpr std::string_view kKey = "PRETTY_NAME=";
    if (!line.starts_with(kKey)) continue;
    name = line.substr(kKey.size());
    std::erase(name, '"');
  }
  utsname kernel{};
  if (::uname(&kernel) != 0) return name;
  return name + (name.empty() ? "" : ", ") + kernel.sysname + " " + kernel.release;
}

}  // namespace

Machine this_machine() {
  return {.processor = processor_name(),
          .cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency())),
          .memory_bytes = usable_memory(),
          .system = system_name()};
}

}  // namespace minima::run
