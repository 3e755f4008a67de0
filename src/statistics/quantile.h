// Quantiles of values in ascending order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace minima {

/// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the
/// default of NumPy and R). `sorted`: ascending, not empty, without NaN. `q` in 0..1.
template <typename Value>
[[nodiscard]] double quantile_of_sorted(std::span<const Value> sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double low = sorted[below];
  return low + (at - static_cast<double>(below)) * (sorted[above] - low);
}

}  // namespace minima
