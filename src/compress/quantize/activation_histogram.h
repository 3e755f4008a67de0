// Ranges of activations, from what a layer puts out for training images: a histogram that adds and
// merges, so that batches may be counted apart and in any order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compress/quantize/clipping.h"

namespace minima::compress {

/// Values of both signs in kBins bins each, which are as wide as the largest magnitude asks for:
/// they reach to the least power of two above it, and neighbours fuse when that grows. So the
/// counts depend on the values alone, not on their order or on how they were split and merged.
class ActivationHistogram {
 public:
  static constexpr int kBins = 2048;

  /// NaN and infinities are counted (`not_finite`) and otherwise left out.
  void add(std::span<const float> values);
  /// A layer's output [features][stride]: the first `count` values of each row.
  void add(const float* values, std::size_t features, std::size_t stride, std::size_t count);
  void merge(const ActivationHistogram& other);

  [[nodiscard]] std::int64_t count() const { return count_; }  ///< finite values
  [[nodiscard]] std::int64_t not_finite() const { return not_finite_; }
  [[nodiscard]] Range full_range() const { return range_; }  ///< widened to zero

  /// The range for codes of `steps` equal steps (255 for 8 bits), by clipping.h's definitions over
  /// all values added, zeros included:
  ///   percentile           each end is a quantile: the one of x at (100 - p) / 2 and
  ///                        100 - (100 - p) / 2 percent, but of a layer without negative values the
  ///                        quantile at p percent; interpolated within a bin, so that it is off by
  ///                        at most 1 / 1024 of the largest magnitude
  ///   least_squared_error  of the values at the middles of their bins; where a step is narrower
  ///                        than two bins, of rounding errors of step^2 / 12
  [[nodiscard]] Range range(const Clipping& clipping, int steps) const;

 private:
  using Bins = std::vector<std::int64_t>;

  void add_one(float value);
  void grow(int exponent);
  [[nodiscard]] float quantile(double share) const;
  [[nodiscard]] double squared_error(const Range& range, int steps) const;
  [[nodiscard]] double bin_width() const;

  std::int64_t count_ = 0;
  std::int64_t not_finite_ = 0;
  std::int64_t zeros_ = 0;
  Range range_;
  int exponent_ = 0;  // bins reach to 2^exponent_; meaningless while they are empty
  double bins_per_unit_ = 0.0;
  Bins bins_[2];  // of positive and of negative values, from zero outwards; empty: none yet
};

}  // namespace minima::compress
