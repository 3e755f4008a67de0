// The work of a network, counted: multiply-adds and floating-point operations.
#pragma once

#include <cstdint>
#include <vector>

#include "network/graph.h"

namespace minima::network {

/// Multiply-adds of a forward pass per image; norms, activations and pooling count nothing.
[[nodiscard]] std::int64_t multiply_adds(const Op& op);
[[nodiscard]] std::int64_t multiply_adds(const Graph& graph);

/// Floating-point operations of one training step per image, of each layer: 6 x multiply-adds, but
/// 4 x for the first layer that has any, which needs no input gradient. An encoder block counts 6 x
/// there too: most of its products come after its first ones.
[[nodiscard]] std::vector<std::int64_t> training_flops(const Graph& graph);

/// The same of all layers together.
[[nodiscard]] std::int64_t training_flop(const Graph& graph);

/// The same for one forward pass: 2 x multiply-adds.
[[nodiscard]] std::int64_t inference_flop(const Graph& graph);

}  // namespace minima::network
