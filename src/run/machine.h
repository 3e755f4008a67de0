// Facts about this machine, told with every measurement.
#pragma once

#include <cstdint>
#include <string>

namespace minima::run {

struct Machine {
  std::string processor;
  int cores = 1;  ///< that this process may use
  std::uint64_t memory_bytes = 0;
};

/// Unknown facts stay empty or zero.
[[nodiscard]] Machine this_machine();

}  // namespace minima::run
