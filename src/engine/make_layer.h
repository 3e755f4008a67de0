#pragma once

#include <memory>

#include "engine/layer.h"

namespace minima::engine {

/// The engine's layer for a layer of an architecture.
[[nodiscard]] std::unique_ptr<Layer> make_layer(const study::LayerSpec& spec,
                                                const BatchShape& batch, const LayerPlace& place);

}  // namespace minima::engine
