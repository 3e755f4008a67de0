// Gaussian kernel density estimates of weighted points.
#pragma once

#include <span>
#include <vector>

#include "measure/weight_histogram.h"

namespace minima::measure {

/// Scott's rule (Scott 1992; the default of scipy.stats.gaussian_kde): n^(-1/5) times the standard
/// deviation, divided by n - 1, where n is the sum of the weights: they are counts. 0 for points
/// that do not differ.
[[nodiscard]] double scott_bandwidth(const WeightedPoints& points);

/// The density of the points at each place of `at`, of kernels of this bandwidth above 0. Weights
/// have no boundaries, so that nothing is corrected: the density of values that end abruptly is
/// rounded off at their ends, over about a bandwidth.
[[nodiscard]] std::vector<double> density_of(const WeightedPoints& points, double bandwidth,
                                             std::span<const double> at);

/// The bandwidth of binned values: Scott's, but at least the width of a bin, so that a density
/// shows no gaps between the bins. 0 where all values lie in one bin.
[[nodiscard]] double bandwidth_of(const study::BinnedCounts& counts);

}  // namespace minima::measure
