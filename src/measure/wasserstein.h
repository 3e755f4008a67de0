// How far apart two distributions are.
#pragma once

#include "measure/weight_histogram.h"

namespace minima::measure {

/// The first Wasserstein distance, the integral of |F(x) - G(x)| (Vallender 1974), as
/// scipy.stats.wasserstein_distance. In the unit of x. Neither may be empty.
[[nodiscard]] double wasserstein_distance(const WeightedPoints& a, const WeightedPoints& b);

/// The same of two samples of equal size in ascending order, such as quantile functions: the mean
/// distance of equal ranks.
[[nodiscard]] double wasserstein_distance(std::span<const float> a, std::span<const float> b);

}  // namespace minima::measure
