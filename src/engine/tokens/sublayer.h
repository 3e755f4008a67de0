// The two sublayers of an encoder block, self-attention and MLP, have the same interface: y = f(x)
// + residual. All activations are [width][tokens][S].
#pragma once

#include <algorithm>
#include <cstddef>

#include "engine/layers/layer.h"

namespace minima::engine {

struct SublayerForward {
  const float* parameters = nullptr;  ///< of the whole network
  const float* x = nullptr;
  const float* residual = nullptr;
  float* y = nullptr;
  float* saved = nullptr;               ///< saved_floats() floats, for the backward pass
  float* unit_max = nullptr;            ///< as in ForwardArguments
  std::size_t images = 0;               ///< in this batch
  const DropoutKey* dropout = nullptr;  ///< null: nothing is dropped
  /// Transforms the inputs of the linear maps, reported for layer `layer`; null: none.
  ActivationHook* activations = nullptr;
  std::size_t layer = 0;
  float* transformed = nullptr;  ///< as many floats as x, for its copy; unused without a transform
};

/// Describes an activation to a transform.
struct SublayerActivation {
  int site = 0;
  std::size_t features = 0;  ///< over all tokens
  std::size_t stride = 0;
};

/// Applies the transform, if any, in place. Nothing else may need the original values.
inline void transform(const SublayerForward& a, const SublayerActivation& what, float* values) {
  if (a.activations == nullptr) return;
  a.activations->apply({.place = {a.layer, what.site},
                        .features = what.features,
                        .stride = what.stride,
                        .images = a.images},
                       values);
}

/// x, or its transformed copy in a.transformed.
inline const float* transformed_x(const SublayerForward& a, const SublayerActivation& what) {
  if (a.activations == nullptr) return a.x;
  std::copy_n(a.x, what.features * what.stride, a.transformed);
  transform(a, what, a.transformed);
  return a.transformed;
}

struct SublayerBackward {
  const float* parameters = nullptr;
  const float* x = nullptr;
  float* saved = nullptr;
  const float* y_gradient = nullptr;
  /// f's part of the gradient of x: added to x_gradient if `accumulate`, else written there. If
  /// added, x_gradient may be y_gradient, which holds the residual's part. Null: not computed.
  float* x_gradient = nullptr;
  bool accumulate = false;
  float* scratch = nullptr;  ///< scratch_floats() floats
  std::size_t images = 0;
  const DropoutKey* dropout = nullptr;  ///< as in the forward pass
};

}  // namespace minima::engine
