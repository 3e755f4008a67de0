// Statistics of the weights of one tensor. docs/weights.md has the formulas.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/graph.h"
#include "record/weight_summary.h"

namespace minima::measure {

inline constexpr int kQuantiles = 64;    ///< points of a quantile function
inline constexpr int kNodeValues = 256;  ///< maximum number of values in NodeStrengths
/// A weight is near zero if its magnitude is below this fraction of the standard deviation. This
/// holds for 8.0 % of a normal distribution about zero, and for 5.8 % of a uniform one.
inline constexpr double kNearZero = 0.1;

/// Moments, norms and stable rank. `columns`: row length of the matrix for the stable rank; it
/// divides the number of values. 0 for vectors, which have no stable rank.
[[nodiscard]] record::TensorStatistics statistics_of(std::span<const float> values,
                                                     std::size_t columns);

/// |W||_F^2 / ||W||_2^2 of a row-major matrix of finite values; NaN if all are 0. The squared
/// 2-norm is the largest eigenvalue of the Gram matrix of the shorter side. It is computed by power
/// iteration until the relative change is below 1e-8, at most 1000 times.
[[nodiscard]] double stable_rank(std::span<const float> values, std::size_t columns);

/// Quantiles at (i + 0.5) / count for i < count, by linear interpolation between order statistics
/// (like `quantile` of statistics/statistics.h). The values must be finite and may be in any order.
/// Empty if there are no values.
[[nodiscard]] std::vector<float> quantile_function(std::span<const float> values, int count);

/// Node strengths: sums of the magnitudes in each row of a row-major matrix, S_j = sum_i |w_ji|.
[[nodiscard]] record::NodeStrengths node_strengths(std::span<const float> values,
                                                   std::size_t columns);

/// All statistics of a tensor, except its number and stage, which the caller fills in. A weight is
/// a matrix [first dimension][the others] whose rows lead into the nodes. All other tensors, such
/// as the positions of a vision transformer, belong to no node and count as vectors.
[[nodiscard]] record::WeightSummary summary_of(const network::Tensor& tensor,
                                               std::span<const float> values);

}  // namespace minima::measure
