// The two halves of an encoder block, self-attention and MLP, are called alike: y = f(x) +
// residual. All activations are [width][tokens][S].
#pragma once

#include <cstddef>

#include "engine/layer.h"

namespace minima::engine {

struct SublayerForward {
  const float* parameters = nullptr;  ///< the whole network's
  const float* x = nullptr;
  const float* residual = nullptr;
  float* y = nullptr;
  float* saved = nullptr;               ///< saved_floats() floats, for the backward pass
  float* unit_max = nullptr;            ///< as in ForwardArguments
  std::size_t images = 0;               ///< of this batch
  const DropoutKey* dropout = nullptr;  ///< null: nothing is dropped
};

struct SublayerBackward {
  const float* parameters = nullptr;
  const float* x = nullptr;
  float* saved = nullptr;
  const float* y_gradient = nullptr;
  /// f's part of the gradient of x is added to what is there, or put there; may be y_gradient where
  /// it is added (the residual's part is there already). Null: not wanted.
  float* x_gradient = nullptr;
  bool accumulate = false;
  float* scratch = nullptr;  ///< scratch_floats() floats
  std::size_t images = 0;
  const DropoutKey* dropout = nullptr;  ///< as in the forward pass
};

}  // namespace minima::engine
