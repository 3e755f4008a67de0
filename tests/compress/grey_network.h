#pragma once

#include <string>

#include "network/families/lower.h"

namespace minima::compress {

/// A network for grey images of `side` x `side` pixels.
inline network::Graph grey_network(const std::string& architecture, int side = 8, int classes = 3) {
  return network::graph_of(
      network::Architecture::parse(architecture),
      {.image = {.channels = 1, .height = side, .width = side}, .classes = classes});
}

}  // namespace minima::compress
