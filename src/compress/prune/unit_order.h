// Hidden units in an order that networks have in common. Weights are only unique up to the order of
// hidden units: two networks that compute the same may differ in it alone.
#pragma once

#include <span>
#include <vector>

#include "network/graph.h"

namespace minima::compress {

/// The parameters of the network with the units of each group in the order of falling strength: the
/// sum of the magnitudes of the weights that lead into a unit (of a head, into all its features).
/// What the network computes stays the same, up to rounding. The features of a vision transformer's
/// tokens, which all blocks share, keep their order. Throws std::invalid_argument for sizes that do
/// not fit.
[[nodiscard]] std::vector<float> sorted_by_strength(const network::Graph& graph,
                                                    std::span<const float> parameters);

}  // namespace minima::compress
