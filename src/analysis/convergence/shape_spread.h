// How much the accuracies of fully connected networks vary with the shape of their hidden layers,
// at a given number of parameters and depth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"

namespace minima::analysis {

/// One architecture with hidden layers.
struct ShapedNetwork {
  std::int64_t parameters = 0;
  int depth = 0;                   ///< hidden layers
  std::vector<double> accuracies;  ///< of its replicates, as fractions
};

/// The standard deviation tau between shapes, in the model
///
///   mean accuracy of architecture i = a + b ln(parameters) + c[depth] + u_i + e_i
///   u_i ~ N(0, tau^2),   e_i ~ N(0, s^2 / n_i + v_i)
///
/// s^2 is the pooled variance of replicates. v_i is the variance due to test images that networks
/// do not share: (1 - kSharedImages) image_variance(mean_i). Q(tau) is the weighted residual sum of
/// squares, with weights 1 / (tau^2 + s^2 / n_i + v_i). The interval of tau contains all values for
/// which Q is within its quantiles (Viechtbauer 2007). The estimate is the tau for which Q equals
/// its degrees of freedom (Paule and Mandel 1982), or 0 if there is none.
///
/// Q divided by its degrees of freedom has an F distribution, because s^2 is estimated. The second
/// degrees of freedom are those of the mean variance (Satterthwaite 1946).
///
/// v_i is an upper bound, and each limit uses the conservative value: `low` and `p_of_small`, which
/// speak against small differences between shapes, use v_i; `high` and `p_of_large` use 0.
struct ShapeSpread {
  std::string missing;  ///< why the estimate is missing; else empty
  std::int64_t architectures = 0;
  int degrees = 0;   ///< degrees of freedom: architectures minus coefficients
  double sd = 0.0;   ///< tau
  double low = 0.0;  ///< interval at the requested confidence
  double high = 0.0;
  double seed_sd = 0.0;  ///< s
  /// One-sided p-values of tau >= tolerance and of tau <= tolerance: an equivalence test
  /// (Schuirmann 1987) and its opposite. They agree with the interval: high < tolerance if
  /// p_of_large is below (1 - confidence) / 2. With few test images both can be large.
  double p_of_large = 1.0;
  double p_of_small = 1.0;
};

/// Minimum number of architectures and of degrees of freedom for an estimate.
inline constexpr std::size_t kFewestShapes = 6;
inline constexpr int kFewestShapeDegrees = 3;

/// `test_images`: number of test images; 0: ignore their sampling error.
[[nodiscard]] ShapeSpread shape_spread(const std::vector<ShapedNetwork>& networks,
                                       std::int64_t test_images, double tolerance,
                                       double confidence);

/// The networks that the claim concerns: fully connected ones with hidden layers, at least two runs
/// and equal options (same_but_widths.h), in the upper half of the sizes of such networks on the
/// logarithmic scale. The selection depends on what was trained, not on the results. A diverged run
/// counts with the fraction of the majority class.
[[nodiscard]] std::vector<ShapedNetwork> large_shapes(const Population& population,
                                                      const Selection& selection);

}  // namespace minima::analysis
