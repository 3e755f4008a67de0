// How much of a network can go before its accuracy does.
#pragma once

#include <cstdint>
#include <vector>

#include "statistics/mean_estimate.h"

namespace minima::analysis {

/// A pruned network of a run. Both are fractions.
struct LossPoint {
  double sparsity = 0.0;  ///< achieved
  double loss = 0.0;      ///< the run's test accuracy less this network's; may be negative
};

/// The largest sparsity up to which every network measured loses at most the tolerance, and on from
/// there to where the straight line to the next one crosses it. The trained network itself belongs
/// to the curve, at (0, 0).
struct RunRedundancy {
  double sparsity = 0.0;
  bool beyond = false;  ///< no network lost more: the largest sparsity measured, a lower bound
};

/// In any order; of equal sparsities the largest loss counts.
[[nodiscard]] RunRedundancy redundancy_of(std::vector<LossPoint> points, double tolerance);

/// The same for skill lost, by a curve that never falls (isotonic regression over the sparsities,
/// the trained network aside): a loss that noise lifts beyond the tolerance counts only where those
/// of higher sparsities do not make up for it. `redundancy_of` takes the first such loss, and so is
/// the lower the more sparsities there are.
[[nodiscard]] RunRedundancy monotone_redundancy(std::vector<LossPoint> points, double tolerance);

/// The smallest loss of skill that counts, as a fraction: `tolerance`, or two standard errors of
/// the loss between networks that disagree on as many of `images` as the dense one has errors,
/// whichever is more.
[[nodiscard]] double skill_tolerance(double dense_accuracy, double chance, double images,
                                     double tolerance);

/// Over the runs of an architecture; the interval is cut off at 0 and 1.
struct Redundancy {
  MeanEstimate estimate;
  std::int64_t beyond = 0;  ///< runs that count with a lower bound
};

[[nodiscard]] Redundancy redundancy_over(const std::vector<RunRedundancy>& runs, double confidence);

}  // namespace minima::analysis
