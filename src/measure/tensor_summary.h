// The statistics of one tensor's weights. docs/weights.md has the formulas.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/graph.h"
#include "study/weight_summary.h"

namespace minima::measure {

inline constexpr int kQuantiles = 64;    ///< of a quantile function
inline constexpr int kNodeValues = 256;  ///< most values of NodeStrengths
/// A weight nearer to zero than this share of the standard deviation counts as near zero. Of a
/// normal distribution about zero 8.0 % are, of a uniform one 5.8 %.
inline constexpr double kNearZero = 0.1;

/// Moments, norms and stable rank. `columns`: values of a row of the matrix whose stable rank is
/// wanted, which divides their number; 0: of a vector, which has none.
[[nodiscard]] study::TensorStatistics statistics_of(std::span<const float> values,
                                                    std::size_t columns);

/// ||W||_F^2 / ||W||_2^2 of a row-major matrix of finite values; NaN where all are 0. The 2-norm is
/// the largest eigenvalue of the Gram matrix of the shorter side, by power iteration until it
/// changes by less than 1e-8 of itself, or 1000 times.
[[nodiscard]] double stable_rank(std::span<const float> values, std::size_t columns);

/// At (i + 0.5) / count for i < count, linear between order statistics (as core's quantile); of
/// finite values, in any order; none of none.
[[nodiscard]] std::vector<float> quantile_function(std::span<const float> values, int count);

/// Sums of the magnitudes of the rows of a row-major matrix: S_j = sum_i |w_ji|.
[[nodiscard]] study::NodeStrengths node_strengths(std::span<const float> values,
                                                  std::size_t columns);

/// Everything of a tensor, its number and stage left to the caller. A weight of two dimensions and
/// more is a matrix [first dimension][the others], whose rows lead into the nodes; positions and
/// class token of a vision transformer are no weights of nodes, and count as vectors.
[[nodiscard]] study::WeightSummary summary_of(const network::TensorSpec& spec,
                                              std::span<const float> values);

}  // namespace minima::measure
