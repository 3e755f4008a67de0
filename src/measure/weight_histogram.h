// Histograms of weights that add and merge: tensors of any scale and runs in any order give the
// same counts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "study/weight_summary.h"

namespace minima::measure {

/// Bins of a power of two, so narrow that the largest magnitude lies in one of the kBins bins on
/// either side of zero, in the outer half of them. When a larger value comes, neighbours fuse;
/// since bins begin at multiples of their width, fused bins are those that the values would have
/// been sorted into at once.
class WeightHistogram {
 public:
  static constexpr int kBins = 256;  ///< on either side of zero

  WeightHistogram() = default;
  explicit WeightHistogram(const study::BinnedCounts& counts) { merge(counts); }

  /// NaN and infinities are left out.
  void add(std::span<const float> values);
  void merge(const study::BinnedCounts& other);

  [[nodiscard]] study::BinnedCounts counts() const;

 private:
  void reach(int exponent);  // of the width of the bins

  int exponent_ = 0;                  // meaningless while there are no bins
  std::vector<std::int64_t> counts_;  // 2 kBins: that of bin i at kBins + i; empty: no values yet
};

/// A distribution as weighted points, in ascending order: where a bin lies stands for its values.
struct WeightedPoints {
  std::vector<double> x;
  std::vector<double> weight;  ///< above 0
};

/// The middles of the bins that hold values.
[[nodiscard]] WeightedPoints points_of(const study::BinnedCounts& counts);

}  // namespace minima::measure
