#pragma once

#include "engine/layers/layer.h"
#include "kernels/layers/layer_norm.h"

namespace minima::engine {

/// A layer norm over the features of each token, with its parameters.
class TokenNorm {
 public:
  TokenNorm(const kernels::LayerNormShape& shape, const network::Op& norm,
            const ParameterPlaces& places);

  /// What the backward pass needs from the forward pass in addition to x.
  [[nodiscard]] std::size_t saved_floats() const;
  [[nodiscard]] std::size_t scratch_floats() const;

  void forward(const float* parameters, const float* x, float* y, float* saved) const;

  struct Gradients {
    const float* y = nullptr;
    const float* residual = nullptr;  ///< added to the gradient of x; null: none
    float* x = nullptr;               ///< may be one of the others; null: not computed
  };
  /// Computes the gradient of x, then passes the gradients of scale and shift to the sink.
  void backward(const float* parameters, const float* x, float* saved, const Gradients& gradients,
                float* scratch, GradientSink& sink) const;

 private:
  /// Two pieces of equal size. Saved: mean and inverse deviation of each token. Scratch: gradients
  /// of scale and shift.
  struct Pair {
    float* first;
    float* second;
    std::size_t floats;  // total of both
  };
  static Pair carve(float* memory, std::size_t each);  // null: computes sizes only

  kernels::LayerNormShape shape_;
  std::size_t index_;
  std::size_t scale_offset_;
  std::size_t shift_offset_;
};

}  // namespace minima::engine
