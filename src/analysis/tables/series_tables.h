// The tables of the convergence analysis whose unit is a series or a dataset.
#pragma once

#include <vector>

#include "analysis/convergence/convergence.h"
#include "analysis/tables/family_tables.h"

namespace minima::analysis {

/// The tables levels, sizes, series, curves, targets and front.
[[nodiscard]] std::vector<NamedTable> series_tables(const Convergence& convergence);

}  // namespace minima::analysis
