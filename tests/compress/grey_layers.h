#pragma once

#include <string>
#include <vector>

#include "study/layers.h"

namespace minima::compress {

/// The layers of a network for grey images of side x side pixels.
inline std::vector<study::LayerSpec> grey_layers(const std::string& architecture, int side = 8,
                                                 int classes = 3) {
  return study::layers_of(
      network::Architecture::parse(architecture),
      {.image = {.channels = 1, .height = side, .width = side}, .classes = classes});
}

}  // namespace minima::compress
