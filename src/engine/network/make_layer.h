#pragma once

#include <memory>

#include "engine/layers/layer.h"

namespace minima::engine {

/// The engine's layer that computes the operations of a network layer. Throws std::invalid_argument
/// if no layer of the engine computes these operations together.
[[nodiscard]] std::unique_ptr<Layer> make_layer(const network::Graph& graph,
                                                const network::Layer& layer,
                                                const BatchShape& batch,
                                                const ParameterPlaces& places);

}  // namespace minima::engine
