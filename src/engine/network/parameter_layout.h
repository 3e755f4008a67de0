// Parameters as callers have them, flat: tensor after tensor, in the network's order, each
// row-major; and as kernels want them: each tensor at an aligned place.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/backend.h"
#include "engine/network/network.h"

namespace minima::engine {

/// Copies flat values to their places, [network.parameter_floats()]; what lies between tensors
/// stays as it is. Throws std::invalid_argument for more or fewer values than the network has
/// parameters.
template <typename T>
void spread_out(const Network& network, std::span<const T> flat, std::span<T> places) {
  check_sizes(network.graph(), flat.size(), {});
  const std::vector<network::Tensor>& tensors = network.graph().tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::span<const T> values = tensors[i].of(flat);
    std::copy_n(values.data(), values.size(), places.data() + network.offsets()[i]);
  }
}

/// The tensors of a network over its parameter array.
[[nodiscard]] std::vector<ParameterView> views_of(const Network& network,
                                                  std::span<const float> parameters);

}  // namespace minima::engine
