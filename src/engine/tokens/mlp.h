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
