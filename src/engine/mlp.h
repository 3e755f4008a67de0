#pragma once

#include "engine/dropout.h"
#include "engine/sublayer.h"
#include "engine/token_linear.h"

namespace minima::engine {

/// The two-layer perceptron of an encoder block: W2 act(W1 x + b1) + b2, act GELU or ReLU.
class Mlp {
 public:
  /// `tensor`: the place of fc1.weight among the layer's tensors; then fc1.bias and fc2 follow.
  Mlp(const study::EncoderSpec& spec, const BatchShape& batch, const LayerPlace& place,
      std::size_t tensor);

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
  bool gelu_;
  TokenLinear first_;
  TokenLinear second_;
  Dropout hidden_dropout_;
  OutputDropout output_dropout_;
};

}  // namespace minima::engine
