// The two layouts of parameters. Callers use a flat array: tensor after tensor in network order,
// each row-major. Kernels use an array in which each tensor is aligned.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/network/network.h"
#include "study/run.h"

namespace minima::engine {

/// Copies flat values to the tensors' offsets in an array of network.parameter_floats() values;
/// leaves the padding between tensors unchanged. Throws std::invalid_argument unless there are as
/// many values as the network has parameters.
template <typename T>
void scatter(const Network& network, std::span<const T> flat, std::span<T> places) {
  check_sizes(network.graph(), flat.size(), {});
  const std::vector<network::Tensor>& tensors = network.graph().tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::span<const T> values = tensors[i].of(flat);
    std::copy_n(values.data(), values.size(), places.data() + network.offsets()[i]);
  }
}

/// Fills a run's parameter array with its initial weights.
void initialise(const study::Run& run, const Network& network, std::span<float> places);

/// The flat parameters of a network, from its parameter array.
[[nodiscard]] std::vector<float> gathered(const Network& network, std::span<const float> places);

}  // namespace minima::engine
