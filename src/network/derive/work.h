// The work of a network: multiply-adds and floating-point operations.
#pragma once

#include <cstdint>
#include <vector>

#include "network/graph.h"

namespace minima::network {

/// Multiply-adds of a forward pass per image; norms, activations and pooling are not counted.
[[nodiscard]] std::int64_t multiply_adds(const Op& op);
[[nodiscard]] std::int64_t multiply_adds(const Graph& graph);

/// Floating-point operations of one training step per image, for each layer: 6 x multiply-adds, but
/// 4 x for the first layer that has any, which needs no input gradient. An encoder block counts 6 x
/// even then, because most of its products come after its first ones.
[[nodiscard]] std::vector<std::int64_t> training_flops(const Graph& graph);

/// Floating-point operations of one training step per image, for the whole network.
[[nodiscard]] std::int64_t training_flop(const Graph& graph);

/// Floating-point operations of one forward pass per image: 2 x multiply-adds.
[[nodiscard]] std::int64_t inference_flop(const Graph& graph);

}  // namespace minima::network
