#include "statistics/estimates/training_spread.h"

#include <algorithm>
#include <cmath>

#include "statistics/distributions.h"

namespace minima {
std::optional<TrainingSpread> training_spread(const TwoWay& right, double confidence) {
  if (right.replicates < 2 || right.images < 2) return std::nullopt;
  const double df = static_cast<double>(right.replicates) - 1.0;
  const auto images = static_cast<double>(right.images);
  const double tail = (1.0 - confidence) / 2.0;
  const auto root = [&](double replicate_mean_square) {
    return std::sqrt(std::max(0.0, (replicate_mean_square - right.rest_mean_square) / images));
  };
  return TrainingSpread{
      .observed = std::sqrt(right.observed_spread_variance()),
      .by_images = std::sqrt(right.rest_mean_square / images),
      .training = std::sqrt(std::max(0.0, right.true_spread_variance())),
      .low = root(right.replicate_mean_square * df / chi_squared_quantile(1.0 - tail, df)),
      .high = root(right.replicate_mean_square * df / chi_squared_quantile(tail, df))};
}

}  // namespace minima
