// Sorts hidden units into a canonical order. Weights are unique only up to a permutation of hidden
// units: two networks that compute the same function may differ in this order alone.
#pragma once

#include <span>
#include <vector>

#include "network/graph.h"

namespace minima::compress {

/// The parameters with the units of each group sorted by descending strength: the sum of the
/// magnitudes of a unit's incoming weights (for a head, of all its features). The network computes
/// the same function, up to rounding. The token features of a vision transformer, which all blocks
/// share, keep their order. Throws std::invalid_argument for sizes that do not fit.
[[nodiscard]] std::vector<float> sorted_by_strength(const network::Graph& graph,
                                                    std::span<const float> parameters);

}  // namespace minima::compress
