#pragma once

#include <memory>

#include "engine/layers/layer.h"

namespace minima::engine {

/// The engine's layer that computes the operations of a layer of the network. Throws
/// std::invalid_argument for operations that no layer of the engine computes together.
[[nodiscard]] std::unique_ptr<Layer> make_layer(const network::Graph& graph,
                                                const network::Layer& layer,
                                                const BatchShape& batch,
                                                const ParameterPlaces& places);

}  // namespace minima::engine
