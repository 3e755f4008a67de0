// What is recorded of the weights of a run, so that they need not be kept. Plain data; measure/
// computes it, docs/weights.md defines every figure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace minima::study {

/// A figure that is not defined (of constant weights a skewness) is NaN, and so are all of a tensor
/// with a value that is not finite.
struct TensorStatistics {
  std::int64_t count = 0;       ///< values
  std::int64_t not_finite = 0;  ///< of those
  double mean = 0.0;
  double sd = 0.0;         ///< of the population: divided by count
  double skewness = 0.0;   ///< m3 / m2^1.5
  double kurtosis = 0.0;   ///< m4 / m2^2 - 3: 0 of a normal distribution
  double near_zero = 0.0;  ///< share with |w| < 0.1 sd
  double l1 = 0.0;         ///< sum of magnitudes
  double l2 = 0.0;
  double max = 0.0;  ///< largest magnitude
  /// ||W||_F^2 / ||W||_2^2 of the matrix [outputs][everything else]; NaN of vectors.
  double stable_rank = 0.0;
};

/// Counts of values in bins of a power of two: bin i holds those in [i w, (i + 1) w), w =
/// 2^exponent.
struct BinnedCounts {
  int exponent = 0;
  std::int64_t first_bin = 0;
  std::vector<std::int64_t> counts;  ///< from first_bin on, neither end is 0; empty: no values
};

/// Strengths of the nodes of a layer: the sum of the magnitudes of the weights that lead into a
/// unit, a filter, a query, ... Without nodes (vectors) all is 0.
struct NodeStrengths {
  std::int64_t nodes = 0;
  double mean = 0.0;
  double sd = 0.0;  ///< of the population
  double min = 0.0;
  double max = 0.0;
  /// Of each node in its order; of more than measure::kNodeValues that many evenly spaced
  /// quantiles.
  std::vector<float> values;
};

enum class WeightStage { start, epoch, end };

/// One tensor of a run: before its first step, after an epoch on the way, or after its last step.
struct WeightSummary {
  WeightStage stage = WeightStage::end;
  int epoch = 0;   ///< that are done
  int tensor = 0;  ///< from 0, input to output
  std::string name;
  std::vector<std::int64_t> shape;
  TensorStatistics statistics;
  /// Of matrices and kernels alone, like the nodes; empty of vectors (biases, scales of norms).
  std::vector<float> quantiles;  ///< at (i + 0.5) / n for i < n
  BinnedCounts histogram;
  NodeStrengths nodes;
};

}  // namespace minima::study
