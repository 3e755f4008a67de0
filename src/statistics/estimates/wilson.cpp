#include "statistics/estimates/wilson.h"

#include <algorithm>
#include <cmath>

#include "statistics/distributions.h"

namespace minima {

ProportionInterval wilson_limits(double share, double trials, double quantile) {
  const double square = quantile * quantile;
  const double center = (share + square / (2.0 * trials)) / (1.0 + square / trials);
  const double half = quantile *
                      std::sqrt(share * (1.0 - share) / trials + square / (4.0 * trials * trials)) /
                      (1.0 + square / trials);
  // The ends are exactly 0 and 1 there; rounding would miss them.
  return {.low = share <= 0.0 ? 0.0 : std::max(0.0, center - half),
          .high = share >= 1.0 ? 1.0 : std::min(1.0, center + half)};
}

ProportionInterval wilson_of_share(double share, double trials, double confidence) {
  return wilson_limits(share, trials, normal_score((1.0 - confidence) / 2.0));
}

ProportionInterval wilson_interval(std::int64_t successes, std::int64_t trials, double confidence) {
  const auto all = static_cast<double>(trials);
  return wilson_of_share(static_cast<double>(successes) / all, all, confidence);
}

}  // namespace minima
