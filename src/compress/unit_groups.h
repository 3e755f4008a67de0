// Units of a network that can be removed as a whole, and the network without them: hidden units of
// a dnn, filters of a cnn, hidden units of the MLPs and attention heads of a vit.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compress/pruning_mask.h"
#include "compress/tensor_places.h"
#include "study/layers.h"

namespace minima::compress {

/// The units of a layer, in their order: unit u owns an equal share of the rows (first dimension)
/// of some tensors, and of the columns (all other dimensions) of another.
struct UnitGroup {
  std::string layer;  ///< "fc1", "conv2", "block1.mlp", "block1.attention"
  std::size_t units = 0;
  bool heads = false;                 ///< of attention
  std::vector<std::size_t> incoming;  ///< places of the tensors whose rows belong to units
  std::size_t outgoing = 0;           ///< of the weight whose columns do; its bias is the next
};

/// From input to output; a vit has two for each block, attention first.
[[nodiscard]] std::vector<UnitGroup> unit_groups(std::span<const study::LayerSpec> layers,
                                                 std::span<const TensorPlace> places);

/// Calls use(place in the array) for the elements of a tensor that unit `unit` of `units` owns as
/// rows; `over_columns` likewise.
template <typename Use>
void over_rows(const TensorPlace& tensor, std::size_t unit, std::size_t units, Use use) {
  const std::size_t each = tensor.count / units;
  for (std::size_t i = 0; i < each; ++i) use(tensor.begin + unit * each + i);
}

template <typename Use>
void over_columns(const TensorPlace& tensor, std::size_t unit, std::size_t units, Use use) {
  const auto rows = static_cast<std::size_t>(tensor.spec.shape[0]);
  const std::size_t columns = tensor.count / rows;
  const std::size_t each = columns / units;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < each; ++i) use(tensor.begin + row * columns + unit * each + i);
  }
}

/// The parameters of these units alone, in the order given: `units` has a list for each group.
[[nodiscard]] std::vector<float> with_units(std::span<const TensorPlace> places,
                                            std::span<const UnitGroup> groups,
                                            std::span<const std::vector<std::size_t>> units,
                                            std::span<const float> parameters);

/// The units of a layer that stay.
struct KeptUnits {
  std::string layer;              ///< as of UnitGroup
  std::size_t units = 0;          ///< before
  std::vector<std::size_t> kept;  ///< ascending
};

/// A network and its parameters, in the order of study::layers_of.
struct SmallerNetwork {
  network::Architecture architecture;
  std::vector<float> parameters;
  Mask mask;                      ///< empty where none was given
  std::vector<KeptUnits> layers;  ///< as unit_groups
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
