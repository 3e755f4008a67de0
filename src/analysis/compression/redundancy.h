// How much of a network can be pruned before its accuracy falls.
#pragma once

#include <cstdint>
#include <vector>

#include "statistics/estimates/mean_estimate.h"

namespace minima::analysis {

/// A pruned network of a run. Both are fractions.
struct LossPoint {
  double sparsity = 0.0;  ///< achieved sparsity
  double loss = 0.0;      ///< the run's test accuracy minus this network's; may be negative
};

/// The largest sparsity up to which every measured network loses at most the tolerance. Beyond it,
/// linear interpolation to the next network gives where the loss crosses the tolerance. The curve
/// starts with the trained network at (0, 0).
struct RunRedundancy {
  double sparsity = 0.0;
  bool beyond = false;  ///< no network lost more: a lower bound, the largest sparsity
};

/// `points`: in any order; of equal sparsities the largest loss counts.
[[nodiscard]] RunRedundancy redundancy_of(std::vector<LossPoint> points, double tolerance);

/// Redundancy of lost skill, from a curve that never falls (isotonic regression over the
/// sparsities, without the trained network). A loss that noise lifts above the tolerance counts
/// only if higher sparsities do not compensate for it. `redundancy_of` stops at the first such
/// loss, so its result falls as sparsities are added.
[[nodiscard]] RunRedundancy monotone_redundancy(std::vector<LossPoint> points, double tolerance);

/// The smallest relevant loss of skill, as a fraction. It is the larger of `tolerance` and two
/// standard errors of the loss between two networks that disagree on as many of `images` as the
/// dense one has errors.
[[nodiscard]] double skill_tolerance(double dense_accuracy, double chance, double images,
                                     double tolerance);

/// Summary over the runs of an architecture; the interval is clipped to 0..1.
struct Redundancy {
  MeanEstimate estimate;
  std::int64_t beyond = 0;  ///< runs that enter with a lower bound
};

[[nodiscard]] Redundancy redundancy_over(const std::vector<RunRedundancy>& runs, double confidence);

}  // namespace minima::analysis
