// Statistics of a run's weights, recorded so that the weights need not be kept. Plain data:
// measure/ computes it and docs/weights.md defines every figure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/enum_words.h"

namespace minima::record {

/// An undefined figure (the skewness of constant weights) is NaN. All figures of a tensor with a
/// value that is not finite are NaN.
struct TensorStatistics {
  std::int64_t count = 0;       ///< number of values
  std::int64_t not_finite = 0;  ///< number of values that are not finite
  double mean = 0.0;
  double sd = 0.0;         ///< population standard deviation: divides by count
  double skewness = 0.0;   ///< m3 / m2^1.5
  double kurtosis = 0.0;   ///< excess: m4 / m2^2 - 3, which is 0 for a normal distribution
  double near_zero = 0.0;  ///< fraction with |w| < 0.1 sd
  double l1 = 0.0;         ///< sum of magnitudes
  double l2 = 0.0;
  double max = 0.0;  ///< largest magnitude
  /// ||W||_F^2 / ||W||_2^2 of the matrix [outputs][all other dimensions]; NaN for vectors.
  double stable_rank = 0.0;
};

/// Histogram with bins of a power-of-two width: bin i counts the values in [i w, (i + 1) w), w =
/// 2^exponent.
struct BinnedCounts {
  int exponent = 0;
  std::int64_t first_bin = 0;
  std::vector<std::int64_t>
      counts;  ///< counts from first_bin on; the first and the last are nonzero; empty: no values
};

/// Strengths of the nodes of a layer: the sum of the magnitudes of the weights that lead into a
/// node (a unit, a filter, a query, ...). All members are 0 for tensors without nodes (vectors).
struct NodeStrengths {
  std::int64_t nodes = 0;
  double mean = 0.0;
  double sd = 0.0;  ///< population standard deviation
  double min = 0.0;
  double max = 0.0;
  /// The strength of each node in order. More than measure::kNodeValues nodes are replaced by that
  /// many evenly spaced quantiles.
  std::vector<float> values;
};

enum class WeightStage { start, epoch, end };

constexpr auto words_of(WeightStage /*any*/) {
  return std::to_array<EnumWord<WeightStage>>({
      {WeightStage::start, "start"},
      {WeightStage::epoch, "epoch"},
      {WeightStage::end, "end"},
  });
}

/// One tensor of a run: before its first step, after an intermediate epoch, or after its last step.
struct WeightSummary {
  WeightStage stage = WeightStage::end;
  int epoch = 0;   ///< completed epochs
  int tensor = 0;  ///< from 0, input to output
  std::string name;
  std::vector<std::int64_t> shape;
  TensorStatistics statistics;
  /// Quantiles, histogram and nodes exist only for matrices and kernels. They are empty for vectors
  /// (biases, scales of norms).
  std::vector<float> quantiles;  ///< at (i + 0.5) / n for i < n
  BinnedCounts histogram;
  NodeStrengths nodes;
};

}  // namespace minima::record
