// Dead units: units that no longer affect the result after unstructured pruning.
//
//   receives nothing   all incoming weights are pruned: its output is the constant activation(bias)
//   sends nothing      all outgoing weights are pruned: its output is never used
//
// Removing a unit also removes weights of its neighbours, which may then be dead too. This repeats
// until nothing changes. A constant output is folded into the biases of the next layer: bias +=
// constant x the unit's outgoing weights. This is exact up to rounding, also through pooling and
// stride, since a constant channel stays constant. If the next convolution has zero padding, a
// constant other than 0 is not constant at the borders, so the unit is kept. The last unit of a
// layer is kept as well.
//
// In a vit only the hidden units of the MLPs are examined, and none is removed: all blocks must
// have the same number of units.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compress/prune/kept_units.h"

namespace minima::compress {

/// The dead units of one layer. Units are numbered as in network::UnitGroup, ascending; each is in
/// one list only.
struct DeadUnits {
  std::string layer;
  std::size_t units = 0;                     ///< total number
  std::vector<std::size_t> receive_nothing;  ///< including units that also send nothing
  std::vector<std::size_t> send_nothing;
  std::vector<std::size_t> kept;  ///< live units, and dead ones that cannot be removed

  [[nodiscard]] std::size_t dead() const { return receive_nothing.size() + send_nothing.size(); }
};

struct DeadUnitRemoval {
  std::vector<DeadUnits> layers;
  /// The network without its dead units. It computes the same function as the original network with
  /// its pruned weights set to zero. nullopt for a vit. The mask keeps every bias to which a
  /// constant was added.
  std::optional<SmallerNetwork> network;
};

/// `mask`: 0 for pruned weights; their values are ignored. Throws std::invalid_argument if sizes
/// differ.
[[nodiscard]] DeadUnitRemoval remove_dead_units(const network::Architecture& architecture,
                                                const Problem& problem,
                                                std::span<const float> parameters,
                                                std::span<const std::uint8_t> mask);

}  // namespace minima::compress
