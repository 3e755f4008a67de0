// How runs converged, in a few lines per dataset, series and family.
#pragma once

#include <string>

#include "analysis/convergence/convergence.h"
#include "report/text/style.h"

namespace minima::report {

/// The target and the front of each dataset; sizes, regimes and curve of each of its series;
/// groups, shape, phases and failures of each of its families. The first few runs that did not
/// converge are named one by one.
[[nodiscard]] std::string convergence_text(const analysis::Convergence& convergence,
                                           const analysis::Population& population,
                                           const TextStyle& style);

}  // namespace minima::report
