// The parameters of some of a network's units, and the smaller network of these units alone.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compress/prune/pruning_mask.h"
#include "network/derive/units.h"
#include "network/families/lower.h"

namespace minima::compress {

/// The parameters of these units alone, in the order given: `units` has a list for each group.
[[nodiscard]] std::vector<float> with_units(const network::Graph& graph,
                                            std::span<const network::UnitGroup> groups,
                                            std::span<const std::vector<std::size_t>> units,
                                            std::span<const float> parameters);

/// The units of a layer that stay.
struct KeptUnits {
  std::string layer;              ///< as of network::UnitGroup
  std::size_t units = 0;          ///< before
  std::vector<std::size_t> kept;  ///< ascending
};

/// A network and its parameters, in the order of network::Graph.
struct SmallerNetwork {
  network::Architecture architecture;
  std::vector<float> parameters;
  Mask mask;                      ///< empty where none was given
  std::vector<KeptUnits> layers;  ///< as network::unit_groups
};

/// The network of the kept units alone. `kept`: ascending, one or more for each group, as many in
/// each block of a vit. Throws std::invalid_argument otherwise, for sizes that do not fit, and for
/// `vit paper`, whose sizes are fixed.
[[nodiscard]] SmallerNetwork without_other_units(const network::Architecture& architecture,
                                                 const Problem& problem,
                                                 std::span<const float> parameters,
                                                 std::span<const std::uint8_t> mask,
                                                 std::vector<std::vector<std::size_t>> kept);

}  // namespace minima::compress
