#include "statistics/estimates/median_interval.h"

#include <cstdint>

#include "statistics/distributions.h"

namespace minima {

std::optional<MedianInterval> median_interval(std::span<const double> sorted, double confidence) {
  const auto count = static_cast<std::int64_t>(sorted.size());
  // The median is below the k-th smallest value with probability P(fewer than k of `count` are
  // below the median) = P(X >= count - k + 1), X ~ Binomial(count, 1/2).
  const auto covers = [&](std::int64_t k) {
    return 2.0 * binomial_upper_tail(count - k + 1, count, 0.5) <= 1.0 - confidence;
  };
  if (count == 0 || !covers(1)) return std::nullopt;
  std::int64_t k = 1;
  std::int64_t too_large = count / 2 + 1;
  while (too_large - k > 1) {
    const std::int64_t middle = k + (too_large - k) / 2;
    (covers(middle) ? k : too_large) = middle;
  }
  const auto at = static_cast<std::size_t>(k - 1);
  return MedianInterval{sorted[at], sorted[sorted.size() - 1 - at]};
}

}  // namespace minima
