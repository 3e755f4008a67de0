#pragma once

#include <vector>

#include "network/graph.h"

namespace minima::engine {

/// Offsets of a network's tensors in the engine's parameter array. Tensors keep their order, and
/// each is aligned for the kernels.
struct ParameterPlaces {
  explicit ParameterPlaces(const network::Graph& network);

  [[nodiscard]] std::size_t offset(const network::Op& op, network::Role role) const {
    return offsets[graph->tensor_of(op, role)];
  }

  const network::Graph* graph;
  std::vector<std::size_t> offsets;  ///< of each tensor
  std::size_t floats = 0;            ///< of the whole array, including padding between tensors
};

}  // namespace minima::engine
