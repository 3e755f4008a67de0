// Facts about this machine, recorded with every measurement.
#pragma once

#include <cstdint>
#include <string>

namespace minima::run {

struct Machine {
  std::string processor;
  int cores = 1;                   ///< available to this process
  std::uint64_t memory_bytes = 0;  ///< available to this process; a container may have less
  std::string system;              ///< "Debian GNU/Linux 12 (bookworm), Linux 6.1.0"
};

/// Unknown facts are empty or zero.
[[nodiscard]] Machine this_machine();

}  // namespace minima::run
