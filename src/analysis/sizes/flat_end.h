// Is accuracy flat at the end of a series, or does it still rise?
//
// A smallest sufficient size can be read from a curve only if larger networks than those trained
// would hardly be better. For error = a P^-b + c the gain over a factor of 4 in size is
// a P^-b (4^b - 1), where P is the largest size, and all that is left to gain is a P^-b. With
// b >= 1/2 the latter is not larger. So the end counts as flat when the data exclude that accuracy
// rose by more than the tolerance over the last factor of 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/population/levels.h"

namespace minima::analysis {

/// What accuracy gained over the last sizes.
struct EndOfCurve {
  bool tested = false;     ///< false: one size, or no size has two runs
  std::int64_t from = 0;   ///< parameters of the smallest size looked at
  std::int64_t to = 0;     ///< of the largest size
  double gain = 0.0;       ///< of mean test accuracy, over a factor of 4 in parameters or from..to
  double gain_low = 0.0;   ///< lower confidence limit of it, one-sided
  double gain_high = 0.0;  ///< upper one

  [[nodiscard]] bool rises() const { return tested && gain_low > 0.0; }
  [[nodiscard]] bool is_flat(double tolerance) const { return tested && gain_high <= tolerance; }
};

/// Weighted straight line of accuracy over ln(parameters) through the sizes from the largest one
/// that is at most P_max / 3.5, or through all. Its slope times ln 4, or times the range where that
/// is longer. Limit: Student's t with Satterthwaite's degrees of freedom; the variance of
/// a mean has a part by replicates (smoothed_variances), by test images and by architectures of
/// like size.
[[nodiscard]] EndOfCurve end_of_curve(const std::vector<Level>& levels,
                                      const std::vector<Sample>& samples, double confidence);

}  // namespace minima::analysis
