// Facts about this machine, told with every measurement.
#pragma once

#include <cstdint>
#include <string>

#include "study/plan.h"

namespace minima::run {

struct Machine {
  std::string processor;
  int cores = 1;                   ///< that this process may use
  std::uint64_t memory_bytes = 0;  ///< that this process may use: a container may have less
  std::uint64_t cache_bytes = 0;   ///< second-level cache of a core
  std::string system;              ///< "Debian GNU/Linux 12 (bookworm), Linux 6.1.0"
};

/// Unknown facts stay empty or zero.
[[nodiscard]] Machine this_machine();

/// Cohorts of this machine: a weight and the two moments of Adam, which every step reads and
/// writes, of all runs of a cohort fit into the second-level cache.
[[nodiscard]] study::CohortLimits cohort_limits(std::size_t jobs);

}  // namespace minima::run
