// The conditions whose crossings the analyses look for: on means, on spreads and on shares.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "analysis/population/levels.h"
#include "analysis/sizes/crossing.h"

namespace minima::analysis {

/// What a mean is held against: value, plus the mean of all runs of the levels from `reference` on.
struct Bound {
  double value = 0.0;
  std::size_t reference = std::numeric_limits<std::size_t>::max();  ///< beyond the end: none
  /// The reference stands for the trend, not for its own architectures.
  bool trend = false;
};

/// Mean of a level >= bound. Weights: runs. Score of a stretch: Welch's t with smoothed_variances,
/// plus the variance between architectures of like size and that by the choice of test images.
[[nodiscard]] Condition mean_condition(const std::vector<Sample>& samples, const Bound& bound);

/// Standard deviation of a level <= tolerance. Weights: degrees of freedom. Score of a stretch:
/// chi-squared of the pooled variance, with fewer degrees of freedom where the pooled kurtosis
/// exceeds the normal one (Box 1953). Below two runs a level says nothing.
[[nodiscard]] Condition spread_condition(const std::vector<Sample>& samples, double tolerance);

/// What happened to the runs of a level.
struct Count {
  std::int64_t successes = 0;
  std::int64_t trials = 0;
};

/// Share of successes >= share, 0 < share < 1. Weights: runs. Score of a stretch: exact binomial
/// test.
[[nodiscard]] Condition share_condition(const std::vector<Count>& counts, double share);

/// Variances under the assumption that they do not rise with size: a fit weighted with the degrees
/// of freedom. Levels below two runs have that of the next smaller level that has one, or else of
/// the next larger one; all 0 if none has.
[[nodiscard]] std::vector<double> falling_variances(const std::vector<Sample>& samples);

/// The larger of a level's own variance and of that fit: a level that saw no failure by luck
/// borrows from its neighbours.
[[nodiscard]] std::vector<double> smoothed_variances(const std::vector<Sample>& samples);

/// Variance of the true means of levels around their monotone trend: what the means vary by within
/// the blocks of their isotonic fit, less what the runs explain; assumed not to rise with size, and
/// not negative.
[[nodiscard]] std::vector<double> uneven_variances(const std::vector<Sample>& samples);

}  // namespace minima::analysis
