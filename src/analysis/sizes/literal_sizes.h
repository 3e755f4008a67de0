// The literal definition of P_min in arXiv 2601.17987: a whole family on one size axis, and a bound
// on the standard deviation between replicates. minima reports minimal_parameters.h instead.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "analysis/population/population.h"
#include "analysis/sizes/crossing.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// P_min = min{P : A(P') >= A(P_max) - eps_A and sigma(P') <= eps_sigma for all P' >= P}, from the
/// monotone fits of A and sigma^2 (crossing.h). P_min is the larger of the sizes for the two
/// conditions. If no level has two runs, sigma is unknown and only accuracy counts.
struct LiteralSizes {
  std::size_t dataset = 0;
  network::Family family = network::Family::dnn;
  SizeEstimate size;               ///< P_min
  SizeEstimate size_for_accuracy;  ///< without the bound on sigma
  SizeEstimate size_for_spread;    ///< without the bound on A
  /// Upper confidence limit (one-sided) of the probability of not learning with at least P_min
  /// parameters. Rarer failures may go unseen in P_min: a probability of 0.013 % raises sigma to 1
  /// point.
  std::optional<double> failure_limit;
};

/// `selection` has at least one run.
[[nodiscard]] LiteralSizes literal_sizes_of(const Population& population,
                                            const Selection& selection,
                                            const study::AnalysisSettings& settings);

}  // namespace minima::analysis
