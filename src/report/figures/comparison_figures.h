// Figures of two compared studies.
#pragma once

#include <vector>

#include "analysis/comparison/comparison.h"
#include "report/figures/figure.h"

namespace minima::report {

/// Kinds of the figures of dataset `i`, from 0.
[[nodiscard]] std::string difference_kind(std::size_t i);
[[nodiscard]] std::string both_accuracies_kind(std::size_t i);

/// The differences and the accuracies of each dataset that has pairs of architectures.
[[nodiscard]] std::vector<Figure> figures_of(const analysis::Comparison& comparison);

}  // namespace minima::report
