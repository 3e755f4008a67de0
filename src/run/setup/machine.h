// Facts about this machine, recorded with every measurement.
#pragma once

#include <cstdint>
#include <string>

#include "study/plan.h"

namespace minima::run {

struct Machine {
  std::string processor;
  int cores = 1;                   ///< available to this process
  std::uint64_t memory_bytes = 0;  ///< available to this process; a container may have less
  std::uint64_t cache_bytes = 0;   ///< second-level cache of one core
  std::string system;              ///< "Debian GNU/Linux 12 (bookworm), Linux 6.1.0"
};

/// Unknown facts are empty or zero.
[[nodiscard]] Machine this_machine();

/// Cohort limits for this machine. Each training step reads and writes every parameter and the
/// optimizer's moments. Those of all runs of a cohort fit into the second-level cache.
[[nodiscard]] study::CohortLimits cohort_limits(std::size_t jobs,
                                                const study::Optimizer& optimizer);

}  // namespace minima::run
