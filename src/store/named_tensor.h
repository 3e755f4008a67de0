#pragma once

#include <span>

#include "network/graph.h"

namespace minima::store {

/// A tensor and its values, row-major; their number follows from the shape.
struct NamedTensor {
  network::TensorSpec spec;
  std::span<const float> values;
};

}  // namespace minima::store
