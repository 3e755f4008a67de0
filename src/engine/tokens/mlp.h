#pragma once

#include "engine/tokens/dropout.h"
#include "engine/tokens/encoder_block.h"
#include "engine/tokens/sublayer.h"
#include "engine/tokens/token_linear.h"

namespace minima::engine {

/// The two-layer perceptron of an encoder block: W2 act(W1 x + b1) + b2.
class Mlp {
 public:
  Mlp(const EncoderBlock& block, const BatchShape& batch, const ParameterPlaces& places);

  [[nodiscard]] std::size_t saved_floats() const;
  [[nodiscard]] std::size_t scratch_floats() const;
  /// Makes the kernels that forward and backward need.
  void prepare() {
    first_.prepare();
    second_.prepare();
  }
  void forward(const SublayerForward& arguments) const;
  void backward(const SublayerBackward& arguments, GradientSink& sink) const;

 private:
  /// The pieces of the memory that the forward pass saves, and of the scratch memory.
  struct Saved {
    float* hidden;       // the hidden activations
    float* slopes;       // of the activation function, if the activations do not determine them
    std::size_t floats;  // total of all pieces
  };
  struct Scratch {
    float* hidden_gradient;
    float* bias_gradient;
    float* linear;           // scratch of a linear map
    float* output_gradient;  // scratch of output dropout
    std::size_t floats;
  };
  [[nodiscard]] Saved carve_saved(float* saved) const;  // null: computes sizes only
  [[nodiscard]] Scratch carve_scratch(float* scratch) const;
  void update_unit_max(const SublayerForward& arguments, const float* hidden) const;

  std::size_t width_;
  std::size_t hidden_;
  std::size_t tokens_;
  std::size_t stride_;
  std::size_t lanes_;  // of all tokens
  network::Activation activation_;
  TokenLinear first_;
  TokenLinear second_;
  Dropout hidden_dropout_;
  OutputDropout output_dropout_;
};

}  // namespace minima::engine
