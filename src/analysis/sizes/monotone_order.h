// Tests whether accuracy rises with size along a series. If it falls, there is no size from which
// on a condition holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/levels.h"
#include "core/numbers/random.h"

namespace minima::analysis {

/// The largest fall of mean accuracy from a size to a larger one, and its significance.
struct MonotoneOrder {
  double fall = 0.0;  ///< 0: no mean is below that of a smaller size
  std::int64_t fall_from = 0;
  std::int64_t fall_to = 0;
  /// P-value of the hypothesis that accuracy does not fall. Absent if untested: the fall is within
  /// the tolerance, or no size has two runs.
  std::optional<double> p;
  bool rejected = false;

  [[nodiscard]] std::string text() const;  ///< describes a rejected order
};

/// Likelihood-ratio test of isotonic order against no order (Robertson, Wright and Dykstra 1988,
/// chapter 2): the weighted sum of squares around the isotonic fit. The least favourable case is
/// equal true means, with a chi-bar-square distribution. That is simulated with `draws` samples;
/// variances are redrawn too, because they are estimated. The variance of a mean has components due
/// to replicates and test images, and (tolerance / 2)^2: smaller differences between architectures
/// of similar size do not matter. Rejects at 1 - confidence.
[[nodiscard]] MonotoneOrder monotone_order_of(const std::vector<Level>& levels,
                                              const std::vector<Sample>& samples, double tolerance,
                                              double confidence, int draws, RandomStream stream);

}  // namespace minima::analysis
