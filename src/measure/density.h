// Gaussian kernel density estimates of weighted points.
#pragma once

#include <span>
#include <vector>

#include "measure/weight_histogram.h"
#include "record/weight_summary.h"

namespace minima::measure {

/// Scott's rule (Scott 1992; the default of scipy.stats.gaussian_kde): n^(-1/5) times the sample
/// standard deviation (divisor n - 1). n is the sum of the weights, which are counts. 0 if all
/// points are equal.
[[nodiscard]] double scott_bandwidth(const WeightedPoints& points);

/// The kernel density estimate of the points at each x in `at`. `bandwidth` > 0. Weights are
/// unbounded, so there is no boundary correction: a density that ends abruptly is smoothed over
/// about one bandwidth at its ends.
[[nodiscard]] std::vector<double> density_of(const WeightedPoints& points, double bandwidth,
                                             std::span<const double> at);

/// The bandwidth for binned values: Scott's rule, but at least the width of a bin, so that the
/// density has no gaps between bins. 0 if all values lie in one bin.
[[nodiscard]] double bandwidth_of(const record::BinnedCounts& counts);

}  // namespace minima::measure
