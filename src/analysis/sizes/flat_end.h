// Tests whether accuracy is flat at the end of a series or still rises.
//
// A smallest sufficient size can be read from a curve only if networks larger than the trained ones
// would hardly be better. For error = a P^-b + c, the last factor of 4 in size up to P gains a P^-b
// (4^b - 1), and at most a P^-b is left to gain. With b >= 1/2 the latter is not larger. So the end
// counts as flat if the data exclude that accuracy rose by more than the tolerance over the last
// factor of 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/population/levels.h"

namespace minima::analysis {

/// The gain in accuracy over the last sizes.
struct EndOfCurve {
  bool tested = false;    ///< false: one size only, or no size has two runs
  std::int64_t from = 0;  ///< parameters of the smallest size in the window
  std::int64_t to = 0;    ///< parameters of the largest size
  /// Gain of mean test accuracy over a factor of 4 in parameters, or over from..to if that is
  /// longer.
  double gain = 0.0;
  double gain_low = 0.0;   ///< one-sided lower confidence limit of the gain
  double gain_high = 0.0;  ///< one-sided upper confidence limit

  [[nodiscard]] bool rises() const { return tested && gain_low > 0.0; }
  [[nodiscard]] bool is_flat(double tolerance) const { return tested && gain_high <= tolerance; }
};

/// Weighted linear fit of accuracy over ln(parameters). It starts at the largest size that is at
/// most P_max / 3.5, or at the smallest size. The gain is its slope times ln 4, or times the range
/// if that is longer. Limits: Student's t with Satterthwaite's degrees of freedom. The variance of
/// a mean has components due to replicates (smoothed_variances), test images and architectures of
/// similar size.
[[nodiscard]] EndOfCurve end_of_curve(const std::vector<Level>& levels,
                                      const std::vector<Sample>& samples, double confidence);

}  // namespace minima::analysis
