#include "statistics/training_spread.h"

#include <algorithm>
#include <cmath>

namespace minima {
namespace {

// The regularized lower incomplete gamma function P(a, x) by its series (NIST DLMF 8.11.4), which
// converges for every x; about x + 40 terms.
double lower_gamma(double a, double x) {
  if (x <= 0.0) return 0.0;
  double term = 1.0 / a;
  double sum = term;
  for (double k = a + 1.0; term > sum * 1e-17; k += 1.0) {
    term *= x / k;
    sum += term;
  }
  return std::min(1.0, sum * std::exp(a * std::log(x) - x - std::lgamma(a)));
}

}  // namespace

double chi_squared_quantile(double probability, double df) {
  double high = df + 10.0;
  while (lower_gamma(df / 2.0, high / 2.0) < probability) high *= 2.0;
  double low = 0.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high) break;
    (lower_gamma(df / 2.0, middle / 2.0) < probability ? low : high) = middle;
  }
  return low + (high - low) / 2.0;
}

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
