// Units that unstructured pruning has left without a part in the result.
//
//   receives nothing   all incoming weights are pruned: its output is the constant activation(bias)
//   sends nothing      all outgoing weights are pruned: nobody sees its output
//
// Removing a unit removes weights of its neighbours, which may be dead then, and so on until
// nothing changes. A constant goes into the biases of the next layer: bias += constant x the unit's
// outgoing weights. That is exact but for rounding; through pooling and stride too, as a channel
// that is constant stays so. With zero padding in the next convolution a constant other than 0 is
// not the same everywhere, so there the unit stays. The last unit of a layer stays as well.
//
// Of a vit only the hidden units of the MLPs are looked for, and none is removed: blocks must have
// equally many.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compress/prune/kept_units.h"

namespace minima::compress {

/// Of a layer; units as of network::UnitGroup, ascending, each in one list only.
struct DeadUnits {
  std::string layer;
  std::size_t units = 0;                     ///< in all
  std::vector<std::size_t> receive_nothing;  ///< also those that send nothing either
  std::vector<std::size_t> send_nothing;
  std::vector<std::size_t> kept;  ///< those that cannot be removed, and all that are not dead

  [[nodiscard]] std::size_t dead() const { return receive_nothing.size() + send_nothing.size(); }
};

struct DeadUnitRemoval {
  std::vector<DeadUnits> layers;
  /// The network without them, which computes the same from pruned weights that are zero; none of a
  /// vit. A bias that took in a constant counts as kept in its mask.
  std::optional<SmallerNetwork> network;
};

/// `mask`: 0 for pruned weights, whatever their values. Throws std::invalid_argument where sizes
/// differ.
[[nodiscard]] DeadUnitRemoval remove_dead_units(const network::Architecture& architecture,
                                                const Problem& problem,
                                                std::span<const float> parameters,
                                                std::span<const std::uint8_t> mask);

}  // namespace minima::compress
