#include "run/machine.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "core/text.h"

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

}  // namespace

Machine this_machine() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  const bool is_known = pages > 0 && page_bytes > 0;
  return {.processor = processor_name(),
          .cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency())),
          .memory_bytes =
              is_known ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes)
                       : 0};
}

}  // namespace minima::run
