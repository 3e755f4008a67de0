// The conditions whose crossings are estimated: on means, on standard deviations and on fractions.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "analysis/population/levels.h"
#include "analysis/sizes/crossing.h"

namespace minima::analysis {

/// The bound of a mean: value, plus the mean of all runs of the levels from `reference` on.
struct Bound {
  double value = 0.0;
  std::size_t reference = std::numeric_limits<std::size_t>::max();  ///< past the end: no reference
  /// The reference represents the trend rather than its own architectures.
  bool trend = false;
};

/// Mean of a level >= bound. Weights: runs. Score of a range of levels: Welch's t with
/// smoothed_variances, plus the variance between architectures of similar size and the variance due
/// to test-image sampling.
[[nodiscard]] Condition mean_condition(const std::vector<Sample>& samples, const Bound& bound);

/// Standard deviation of a level <= tolerance. Weights: degrees of freedom. Score of a range of
/// levels: chi-squared of the pooled variance, with fewer degrees of freedom if the pooled kurtosis
/// exceeds the normal one (Box 1953). Levels with fewer than two runs carry no information.
/// `images`: number of test images, so the values are multiples of 1 / images. The pooled variance
/// counts as at least that of rounding to these multiples: equal values do not show a spread of 0.
[[nodiscard]] Condition spread_condition(const std::vector<Sample>& samples, double tolerance,
                                         std::int64_t images);

/// Successes among the runs of a level.
struct Count {
  std::int64_t successes = 0;
  std::int64_t trials = 0;
};

/// Fraction of successes >= share, 0 < share < 1. Weights: runs. Score of a range of levels: exact
/// binomial test.
[[nodiscard]] Condition share_condition(const std::vector<Count>& counts, double share);

/// Variances, assuming that they do not rise with size: an antitonic fit weighted with the degrees
/// of freedom. Levels with fewer than two runs take the variance of the next smaller level that has
/// one, else of the next larger one. All 0 if no level has one.
[[nodiscard]] std::vector<double> falling_variances(const std::vector<Sample>& samples);

/// The larger of a level's own variance and of falling_variances. A level that by chance saw no
/// failure thus borrows from its neighbours.
[[nodiscard]] std::vector<double> smoothed_variances(const std::vector<Sample>& samples);

/// Variance of the true means of levels around their monotone trend: the variance of the means
/// within the blocks of their isotonic fit, minus the noise of the runs. Assumed not to rise with
/// size; at least 0.
[[nodiscard]] std::vector<double> uneven_variances(const std::vector<Sample>& samples);

}  // namespace minima::analysis
