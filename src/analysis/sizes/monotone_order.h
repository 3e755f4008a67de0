// Does accuracy rise with size along a series? Where it does not, no size is one "from which on"
// anything holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/levels.h"
#include "core/random.h"

namespace minima::analysis {

/// The largest fall of mean accuracy from a size to a larger one, and whether it is noise.
struct MonotoneOrder {
  double fall = 0.0;  ///< 0: no mean is below that of a smaller size
  std::int64_t fall_from = 0;
  std::int64_t fall_to = 0;
  /// P-value of the hypothesis that accuracy does not fall; absent where it is not tested: the fall
  /// is within the tolerance, or no size has two runs.
  std::optional<double> p;
  bool rejected = false;

  [[nodiscard]] std::string text() const;  ///< of a rejected order, in words
};

/// Likelihood-ratio test of isotonic order against no order (Robertson, Wright and Dykstra 1988,
/// chapter 2): the weighted sum of squares around the isotonic fit. Its distribution is largest
/// where all true means are equal, and is then a chi-bar-square; it is simulated with `draws`
/// samples, of variances too, because they are estimated. The variance of a mean has a part by
/// replicates, one by test images, and (tolerance / 2)^2: smaller differences between
/// architectures of like size do not matter. Rejects at 1 - confidence.
[[nodiscard]] MonotoneOrder monotone_order_of(const std::vector<Level>& levels,
                                              const std::vector<Sample>& samples, double tolerance,
                                              double confidence, int draws, RandomStream stream);

}  // namespace minima::analysis
