// Units of a network that can be removed as a whole: hidden units, filters and attention heads.
// They are found from the edges of the graph.
#pragma once

#include <string>
#include <vector>

#include "network/graph.h"

namespace minima::network {

/// The units of an operation, in order. Each unit owns an equal number of rows of some tensors and
/// an equal number of columns of another.
struct UnitGroup {
  std::string layer;  ///< "fc1", "conv2", "block1.mlp", "block1.attention"
  std::size_t units = 0;
  bool heads = false;  ///< whether the units are attention heads
  Activation activation = Activation::none;
  std::vector<std::size_t> incoming;  ///< tensors whose rows belong to units: weights and biases
  std::size_t outgoing = 0;           ///< the weight whose columns belong to units
  std::size_t outgoing_bias = 0;
  bool reader_is_padded = false;  ///< the reader is a convolution that zero-pads the units' output
};

/// Groups in order of execution. The rows of a Linear or Convolution are units if a single Linear
/// or Convolution reads them, directly or through pooling. The heads of an Attention are units if a
/// single Linear reads them. The features of tokens are not units, because residual connections
/// read them too.
[[nodiscard]] std::vector<UnitGroup> unit_groups(const Graph& graph);

/// Calls use(parameter index) for the elements of a tensor in the rows of unit `unit` of `units`.
template <typename Use>
void over_rows(const Tensor& tensor, std::size_t unit, std::size_t units, Use use) {
  const std::size_t each = tensor.count / units;
  for (std::size_t i = 0; i < each; ++i) use(tensor.begin + unit * each + i);
}

/// The same for the elements in the unit's columns.
template <typename Use>
void over_columns(const Tensor& tensor, std::size_t unit, std::size_t units, Use use) {
  const std::size_t columns = tensor.columns();
  const std::size_t each = columns / units;
  for (std::size_t row = 0; row < tensor.rows(); ++row) {
    for (std::size_t i = 0; i < each; ++i) use(tensor.begin + row * columns + unit * each + i);
  }
}

}  // namespace minima::network
