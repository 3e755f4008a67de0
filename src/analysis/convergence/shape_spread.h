// How much accuracies of fully connected networks differ by the shape of their hidden layers,
// beyond the number of parameters and the depth.
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

/// The standard deviation tau between shapes in the model
///
///   mean accuracy of architecture i = a + b ln(parameters) + c[depth] + u_i + e_i
///   u_i ~ N(0, tau^2),   e_i ~ N(0, s^2 / n_i + v_i)
///
/// s^2 is the variance of replicates, pooled, and v_i the part by the test images that networks do
/// not share: (1 - kSharedImages) image_variance(mean_i). Q(tau) is the weighted residual sum of
/// squares, with weights 1 / (tau^2 + s^2 / n_i + v_i). The interval of tau holds all values for
/// which Q is within its quantiles (Viechtbauer 2007), and the estimate has Q equal to its degrees
/// of freedom (Paule and Mandel 1982; 0 where no tau does).
///
/// Q, divided by its degrees of freedom, has an F distribution: s^2 is estimated. Its second
/// degrees are those of the mean variance (Satterthwaite 1946).
///
/// v_i is an upper bound. What counts against small differences between shapes, `low` and
/// `p_of_small`, takes it as it is. What counts for them, `high` and `p_of_large`, takes it as 0.
struct ShapeSpread {
  std::string missing;  ///< why there is no estimate; empty when there is one
  std::int64_t architectures = 0;
  int degrees = 0;   ///< of freedom: architectures less coefficients
  double sd = 0.0;   ///< tau
  double low = 0.0;  ///< interval at the confidence asked for
  double high = 0.0;
  double seed_sd = 0.0;  ///< s
  /// One-sided p of tau >= tolerance and of tau <= tolerance: an equivalence test (Schuirmann 1987)
  /// and its opposite. They agree with the interval: high < tolerance where p_of_large is below
  /// (1 - confidence) / 2. Few test images can make both of them large.
  double p_of_large = 1.0;
  double p_of_small = 1.0;
};

/// Fewest architectures, and fewest degrees of freedom, of an estimate.
inline constexpr std::size_t kFewestShapes = 6;
inline constexpr int kFewestShapeDegrees = 3;

/// `test_images`: the number of test images; 0: ignore the sampling error that they cause.
[[nodiscard]] ShapeSpread shape_spread(const std::vector<ShapedNetwork>& networks,
                                       std::int64_t test_images, double tolerance,
                                       double confidence);

/// The networks that the claim is about: fully connected ones with hidden layers and two runs or
/// more, all of the main_activation, in the upper half of the sizes of such networks, on the
/// logarithmic scale. That depends on what was trained and not on what came out. A diverged run
/// counts with the largest class.
[[nodiscard]] std::vector<ShapedNetwork> large_shapes(const Population& population,
                                                      const Selection& selection);

}  // namespace minima::analysis
