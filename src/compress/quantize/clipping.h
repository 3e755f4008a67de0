// Clipping: the range of values that a grid covers. Values outside are clamped to its ends. A range
// always contains zero, so that zero is represented exactly.
#pragma once

#include <functional>
#include <span>

#include "compress/quantize/settings.h"

namespace minima::compress {

struct Range {
  float low = 0.0F;   ///< at most 0
  float high = 0.0F;  ///< at least 0

  /// The distance from zero to the farther end.
  [[nodiscard]] float largest() const { return -low > high ? -low : high; }
  [[nodiscard]] Range times(double share) const {
    return {static_cast<float>(low * share), static_cast<float>(high * share)};
  }
  bool operator==(const Range&) const = default;
};

/// From the smallest to the largest value, widened to contain zero. {0, 0} if there are no values.
[[nodiscard]] Range full_range(std::span<const float> values);

/// `symmetric`: -m..m, where m is the quantile of |x| at percentile / 100. Otherwise the quantiles
/// of x that leave out (100 - percentile) / 2 percent at each end, widened to contain zero.
/// Quantiles are interpolated (statistics/statistics.h). Returns the full range if the result would
/// be {0, 0}.
[[nodiscard]] Range percentile_range(std::span<const float> values, double percentile,
                                     bool symmetric);

/// The fraction of a range that minimises `error`. Tries 1/100 .. 100/100, then the thousandths
/// next to the best of them. Among equal errors the largest fraction wins. `error(share, enough)`
/// may stop summing once it exceeds `enough`, the smallest error so far.
[[nodiscard]] double least_error_share(
    const std::function<double(double share, double enough)>& error);

}  // namespace minima::compress
