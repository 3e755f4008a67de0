// How runs converged, in a few lines per dataset and family.
#pragma once

#include <string>

#include "analysis/convergence.h"
#include "report/style.h"

namespace minima::report {

/// Groups, sizes, regimes, phases and failures of each family on each dataset; the first few runs
/// that did not converge are named one by one.
[[nodiscard]] std::string convergence_text(const analysis::Convergence& convergence,
                                           const analysis::Population& population,
                                           const TextStyle& style);

}  // namespace minima::report
