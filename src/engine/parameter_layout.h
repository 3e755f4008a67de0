// Parameters as callers have them, flat: tensor after tensor, in the network's order, each
// row-major; and as kernels want them: each tensor at an aligned place.
#pragma once

#include <algorithm>
#include <span>
#include <stdexcept>
#include <vector>

#include "engine/backend.h"
#include "engine/network.h"

namespace minima::engine {

/// Copies flat values to their places, [network.parameter_floats()]; what lies between tensors
/// stays as it is. Throws std::invalid_argument for more or fewer values than the network has
/// parameters.
template <typename T>
void spread_out(const Network& network, std::span<const T> flat, std::span<T> places) {
  std::size_t at = 0;
  for (const ParameterInfo& tensor : network.parameters()) {
    const auto count = static_cast<std::size_t>(tensor.spec.count());
    if (at + count > flat.size()) {
      throw std::invalid_argument("fewer parameters than the architecture has");
    }
    std::copy_n(flat.data() + at, count, places.data() + tensor.offset);
    at += count;
  }
  if (at != flat.size()) throw std::invalid_argument("more parameters than the architecture has");
}

/// The tensors of a network over its parameter array.
[[nodiscard]] std::vector<ParameterView> views_of(const Network& network,
                                                  std::span<const float> parameters);

}  // namespace minima::engine
