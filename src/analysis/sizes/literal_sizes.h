// The definition of P_min in arXiv 2601.17987, read literally: a whole family on one axis, and a
// bound on the spread between replicates. minimal_parameters.h has what minima reports instead.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "analysis/population/population.h"
#include "analysis/sizes/crossing.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// P_min = min{P : A(P') >= A(P_max) - eps_A and sigma(P') <= eps_sigma for all P' >= P}, of the
/// monotone fits of A and sigma^2 (crossing.h). P_min is the larger of what its two halves ask for.
/// Without a level of two runs sigma is unknown and P_min is that of accuracy alone.
struct LiteralSizes {
  std::size_t dataset = 0;
  std::string family;
  SizeEstimate size;               ///< P_min
  SizeEstimate size_for_accuracy;  ///< without the bound on sigma
  SizeEstimate size_for_spread;    ///< without the bound on A
  /// Of P_min parameters and more: the largest probability of not learning that agrees with how
  /// many of the runs did not (one-sided). Rarer failures may hide in P_min: a probability of 0.013
  /// % takes sigma to 1 point.
  std::optional<double> failure_limit;
};

/// `selection` has at least one run.
[[nodiscard]] LiteralSizes literal_sizes_of(const Population& population,
                                            const Selection& selection,
                                            const study::AnalysisSettings& settings);

}  // namespace minima::analysis
