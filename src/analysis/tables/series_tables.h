// The tables whose unit is a series or a dataset: parts of the record of the convergence analysis.
#pragma once

#include <vector>

#include "analysis/convergence/convergence.h"
#include "analysis/tables/family_tables.h"

namespace minima::analysis {

/// Tables levels, sizes, series, curves, targets and front.
[[nodiscard]] std::vector<NamedTable> series_tables(const Convergence& convergence);

}  // namespace minima::analysis
