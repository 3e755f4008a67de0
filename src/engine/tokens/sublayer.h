// The two halves of an encoder block, self-attention and MLP, are called alike: y = f(x) +
// residual. All activations are [width][tokens][S].
#pragma once

#include <algorithm>
#include <cstddef>

#include "engine/layers/layer.h"

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
  /// Of the inputs of the linear maps, as of this layer; null: none.
  const ActivationTransform* activations = nullptr;
  std::size_t layer = 0;
  float* scratch = nullptr;  ///< as many floats as x has, where there is a transform
};

/// What of an activation its transform sees.
struct SublayerActivation {
  int site = 0;
  std::size_t features = 0;  ///< of all tokens
  std::size_t stride = 0;
};

/// The transform, where there is one, on values that nothing else needs.
inline void transform(const SublayerForward& a, const SublayerActivation& what, float* values) {
  if (a.activations == nullptr) return;
  a.activations->apply(a.layer, what.site, values, what.features, what.stride, a.images);
}

/// x, or a changed copy of it in a.scratch.
inline const float* transformed_x(const SublayerForward& a, const SublayerActivation& what) {
  if (a.activations == nullptr) return a.x;
  std::copy_n(a.x, what.features * what.stride, a.scratch);
  transform(a, what, a.scratch);
  return a.scratch;
}

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
