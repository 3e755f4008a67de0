#pragma once

#include <span>

#include "study/layers.h"

namespace minima::store {

/// A tensor and its values, row-major; as many as its shape says.
struct NamedTensor {
  study::TensorSpec spec;
  std::span<const float> values;
};

}  // namespace minima::store
