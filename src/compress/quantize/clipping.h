// How far a grid reaches: the range of values that it covers; what lies beyond is clamped to its
// ends. A range always has zero inside, so that zero is represented exactly.
#pragma once

#include <functional>
#include <span>

#include "compress/quantize/settings.h"

namespace minima::compress {

struct Range {
  float low = 0.0F;   ///< at most 0
  float high = 0.0F;  ///< at least 0

  /// The larger of the distances from zero to the ends.
  [[nodiscard]] float largest() const { return -low > high ? -low : high; }
  [[nodiscard]] Range times(double share) const {
    return {static_cast<float>(low * share), static_cast<float>(high * share)};
  }
  bool operator==(const Range&) const = default;
};

/// From the least to the greatest of the values, widened to zero; {0, 0} of none.
[[nodiscard]] Range full_range(std::span<const float> values);

/// `symmetric`: -m..m, m the quantile of |x| at percentile / 100; else the quantiles of x that
/// leave out (100 - percentile) / 2 percent at each end, widened to zero. Quantiles are
/// interpolated (statistics/statistics.h). The full range where that would leave nothing of it.
[[nodiscard]] Range percentile_range(std::span<const float> values, double percentile,
                                     bool symmetric);

/// The share of a range that makes `error` least: of 1/100 .. 100/100, then of the thousandths next
/// to the best of those. Of equal ones the largest. `error(share, enough)` may stop adding up as
/// soon as it exceeds `enough`, the least error so far.
[[nodiscard]] double least_error_share(
    const std::function<double(double share, double enough)>& error);

}  // namespace minima::compress
