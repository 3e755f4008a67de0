// How sparse a network is after each round of iterative pruning.
#pragma once

#include <vector>

namespace minima::compress {

// Both: `final_sparsity` s of 0..1, `rounds` n >= 1 (std::invalid_argument otherwise); the n
// sparsities after rounds 1..n, of which the last is s itself.

/// s_k = 1 - (1 - s)^(k / n): every round prunes the same share of the weights that remain (Han et
/// al. 2015, arXiv 1506.02626; Frankle and Carbin 2019, arXiv 1803.03635). s = 1 is reached in the
/// first round, as any such share of less than all leaves some.
[[nodiscard]] std::vector<double> geometric_sparsities(double final_sparsity, int rounds);

/// s_k = s k / n: every round prunes the same share of all weights.
[[nodiscard]] std::vector<double> linear_sparsities(double final_sparsity, int rounds);

}  // namespace minima::compress
