// Histograms of weights that can be merged. Tensors of any scale and runs in any order give the
// same counts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "record/weight_summary.h"

namespace minima::measure {

/// Bins whose width is a power of two. The width is chosen so that the largest magnitude lies in
/// the outer half of the kBins bins on either side of zero. When a larger value arrives,
/// neighbouring bins are merged. Bins begin at multiples of their width, so merged bins hold the
/// same values as if they had been that wide from the start.
class WeightHistogram {
 public:
  static constexpr int kBins = 256;  ///< on either side of zero

  WeightHistogram() = default;
  explicit WeightHistogram(const record::BinnedCounts& counts) { merge(counts); }

  /// NaN and infinities are left out.
  void add(std::span<const float> values);
  void merge(const record::BinnedCounts& other);

  [[nodiscard]] record::BinnedCounts counts() const;

 private:
  void reach(int exponent);  // binary exponent of the bin width

  int exponent_ = 0;                  // unused while there are no bins
  std::vector<std::int64_t> counts_;  // [2 kBins]: bin i at kBins + i; empty: no values yet
};

/// A distribution as weighted points in ascending order. The middle of a bin represents its values.
struct WeightedPoints {
  std::vector<double> x;
  std::vector<double> weight;  ///< above 0
};

/// The middles of the non-empty bins.
[[nodiscard]] WeightedPoints points_of(const record::BinnedCounts& counts);

}  // namespace minima::measure
