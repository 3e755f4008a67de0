// Selects units of a network and builds the smaller network of these units.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compress/prune/pruning_mask.h"
#include "network/derive/units.h"
#include "network/families/lower.h"

namespace minima::compress {

/// The parameters of the given units, in the given order. `units` has one list for each group.
[[nodiscard]] std::vector<float> with_units(const network::Graph& graph,
                                            std::span<const network::UnitGroup> groups,
                                            std::span<const std::vector<std::size_t>> units,
                                            std::span<const float> parameters);

/// The units of a layer that are kept.
struct KeptUnits {
  std::string layer;              ///< name of the network::UnitGroup
  std::size_t units = 0;          ///< number of units before pruning
  std::vector<std::size_t> kept;  ///< ascending
};

/// A network and its parameters, in the order of network::Graph.
struct SmallerNetwork {
  network::Architecture architecture;
  std::vector<float> parameters;
  Mask mask;                      ///< empty if none was given
  std::vector<KeptUnits> layers;  ///< in the order of network::unit_groups
};

/// The network of the kept units. `kept`: ascending indices, at least one for each group, and the
/// same number in each block of a vit. Throws std::invalid_argument otherwise, for sizes that do
/// not fit, and for `vit paper`, whose sizes are fixed.
[[nodiscard]] SmallerNetwork without_other_units(const network::Architecture& architecture,
                                                 const Problem& problem,
                                                 std::span<const float> parameters,
                                                 std::span<const std::uint8_t> mask,
                                                 std::vector<std::vector<std::size_t>> kept);

}  // namespace minima::compress
