// Structured pruning: whole units are removed. The result is an ordinary smaller network, which can
// be evaluated and trained like any other.
//
// A unit's score is the L1 norm of its incoming weights (Li et al. 2017, arXiv 1608.08710, for
// filters): the row of a hidden unit, the kernel of a filter, the rows of Q, K and V of a head.
// Biases do not count; pruned weights count as zero. The units with the largest scores are kept;
// among equal scores the first are removed. At least one unit of each layer is kept.
//
// Scope `layer` removes round(fraction x units) units of each layer, halves to even. Scope `global`
// removes this fraction of the units of all hidden layers together, by their unnormalised scores.
// Layers with few inputs have small norms and lose their units first, so `layer` is the default.
// The blocks of a vit must have the same number of units and heads, so a vit is always pruned per
// block.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "compress/prune/kept_units.h"

namespace minima::compress {

enum class UnitScope { layer, global };

struct StructuredTarget {
  double units = 0.0;  ///< fraction of hidden units or filters to remove, 0..1
  double heads = 0.0;  ///< fraction of attention heads to remove, 0..1; unused without attention
  UnitScope scope = UnitScope::layer;
};

/// L1 norms of all units, in the order of network::unit_groups. `mask` may be empty. Throws
/// std::invalid_argument for sizes that do not fit and for NaN weights.
[[nodiscard]] std::vector<std::vector<double>> unit_scores(const network::Graph& graph,
                                                           std::span<const float> parameters,
                                                           std::span<const std::uint8_t> mask);

struct StructuredPruning {
  std::optional<SmallerNetwork> network;
  std::string refusal;  ///< why there is no network: no hidden layers, or fixed sizes (vit paper)
};

/// Throws std::invalid_argument like unit_scores, and for fractions outside [0, 1].
[[nodiscard]] StructuredPruning prune_units(const network::Architecture& architecture,
                                            const Problem& problem,
                                            std::span<const float> parameters,
                                            std::span<const std::uint8_t> mask,
                                            const StructuredTarget& target);

}  // namespace minima::compress
