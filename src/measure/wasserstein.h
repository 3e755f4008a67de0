// Distances between distributions.
#pragma once

#include "measure/weight_histogram.h"

namespace minima::measure {

/// The first Wasserstein distance, the integral of |F(x) - G(x)| (Vallender 1974), as in
/// scipy.stats.wasserstein_distance. In the unit of x. Neither distribution may be empty.
[[nodiscard]] double wasserstein_distance(const WeightedPoints& a, const WeightedPoints& b);

/// The same for two samples of equal size in ascending order, such as quantile functions: the mean
/// distance between values of equal rank.
[[nodiscard]] double wasserstein_distance(std::span<const float> a, std::span<const float> b);

}  // namespace minima::measure
