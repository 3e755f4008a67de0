// Structured pruning: units are removed as a whole, and the network is an ordinary smaller one
// afterwards, to be evaluated and trained on like any other.
//
// A unit's score is the L1 norm of its incoming weights (Li et al. 2017, arXiv 1608.08710, for
// filters): the row of a hidden unit, the kernel of a filter, the rows of Q, K and V of a head.
// Biases do not count, pruned weights count as zero. The units of the largest scores stay; among
// equal scores the first are removed. At least one unit of a layer stays.
//
// Per layer, round(share x units) units of each are removed, halves to even. Globally, as many of
// all hidden layers together, by their plain scores: layers with few inputs have small norms and
// lose their units first, so per layer is the default. Blocks of a vit have equally many units and
// heads, so there it is always per block.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "compress/prune/kept_units.h"

namespace minima::compress {

enum class UnitScope { layer, global };

struct StructuredTarget {
  double units = 0.0;  ///< share of hidden units or filters that is removed, 0..1
  double heads = 0.0;  ///< share of the attention heads, 0..1; of no meaning without attention
  UnitScope scope = UnitScope::layer;
};

/// L1 norms of all units, as network::unit_groups. `mask` may be empty. Throws
/// std::invalid_argument for sizes that do not fit and weights that are NaN.
[[nodiscard]] std::vector<std::vector<double>> unit_scores(const network::Graph& graph,
                                                           std::span<const float> parameters,
                                                           std::span<const std::uint8_t> mask);

struct StructuredPruning {
  std::optional<SmallerNetwork> network;
  std::string refusal;  ///< why there is none: no hidden layers; sizes that are fixed (vit paper)
};

/// Throws std::invalid_argument as unit_scores, and for shares outside [0, 1].
[[nodiscard]] StructuredPruning prune_units(const network::Architecture& architecture,
                                            const Problem& problem,
                                            std::span<const float> parameters,
                                            std::span<const std::uint8_t> mask,
                                            const StructuredTarget& target);

}  // namespace minima::compress
