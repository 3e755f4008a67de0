// Histogram of a layer's outputs over training images, from which the range of an activation
// quantizer is taken. Histograms can be merged, so batches may be counted separately and in any
// order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compress/quantize/clipping.h"

namespace minima::compress {

/// kBins bins for each sign. They end at the smallest power of two above the largest magnitude;
/// when that grows, neighbouring bins are merged. The counts therefore depend on the values alone,
/// not on their order or on how they were split and merged.
class ActivationHistogram {
 public:
  static constexpr int kBins = 2048;

  /// Skips NaN and infinities, but counts them in `not_finite`.
  void add(std::span<const float> values);
  /// Adds the first `count` values of each row of a layer's output [features][stride].
  void add(const float* values, std::size_t features, std::size_t stride, std::size_t count);
  void merge(const ActivationHistogram& other);

  [[nodiscard]] std::int64_t count() const { return count_; }  ///< finite values
  [[nodiscard]] std::int64_t not_finite() const { return not_finite_; }
  [[nodiscard]] Range full_range() const { return range_; }  ///< widened to zero

  /// The range for codes of `steps` equal steps (255 for 8 bits). The clipping rules are defined in
  /// clipping.h and apply to all values added, zeros included:
  ///
  ///   percentile           Each end is a quantile, at (100 - p) / 2 and 100 - (100 - p) / 2
  ///   percent.
  ///                        A layer without negative values uses the quantile at p percent for its
  ///                        upper end. Quantiles are interpolated within a bin; the error is at
  ///                        most 1 / 1024 of the largest magnitude.
  ///   least_squared_error  Each value counts as the middle of its bin. Where a step is narrower
  ///   than
  ///                        two bins, the squared rounding error is taken as step^2 / 12.
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
  int exponent_ = 0;  // bins end at 2^exponent_; unused while they are empty
  double bins_per_unit_ = 0.0;
  Bins bins_[2];  // positive and negative values, from zero outwards; empty: no values yet
};

}  // namespace minima::compress
