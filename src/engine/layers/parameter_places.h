#pragma once

#include <vector>

#include "network/graph.h"

namespace minima::engine {

/// Where the tensors of a network lie in the engine's array of its parameters: in their order, each
/// aligned for the kernels.
struct ParameterPlaces {
  explicit ParameterPlaces(const network::Graph& network);

  [[nodiscard]] std::size_t offset(const network::Op& op, network::Role role) const {
    return offsets[graph->tensor_of(op, role)];
  }

  const network::Graph* graph;
  std::vector<std::size_t> offsets;  ///< of each tensor
  std::size_t floats = 0;            ///< of the whole array, padding between tensors included
};

}  // namespace minima::engine
