#pragma once

#include "engine/layer.h"
#include "kernels/convolution.h"

namespace minima::engine {

/// Convolution with zero padding, then ReLU.
class ConvolutionLayer final : public Layer {
 public:
  ConvolutionLayer(const study::ConvolutionSpec& spec, const BatchShape& batch,
                   const LayerPlace& place);

  [[nodiscard]] std::size_t outputs() const override { return shape_.filters * pixels_; }
  [[nodiscard]] std::size_t relu_units() const override { return shape_.filters; }
  [[nodiscard]] std::size_t scratch_floats() const override;

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  /// Scratch memory, piece by piece.
  struct Scratch {
    float* padded_input;     // empty without padding
    float* spread_gradient;  // the output gradient as the input gradient's convolution wants it
    float* flipped_weights;  // [channels][filters][k][k], turned by half a circle; then zero biases
    float* row_sums;         // [filters][pixels]
    float* lane_sums;        // [weights][kBatchMultiple]
    float* gradient;         // weights, then biases
    std::size_t floats;      // of all pieces
  };
  [[nodiscard]] Scratch carve(float* scratch) const;  // null: sizes only
  [[nodiscard]] const float* padded(const float* input, float* room) const;
  void input_gradient(const BackwardArguments& arguments, const Scratch& scratch) const;
  void weight_gradient(const BackwardArguments& arguments, const Scratch& scratch,
                       GradientSink& sink) const;

  study::ConvolutionSpec spec_;
  kernels::ConvolutionShape shape_;     // over the padded input
  kernels::ConvolutionShape backward_;  // from the spread output gradient to the input gradient
  std::size_t pixels_;                  // of the output
  LayerPlace place_;
};

/// The convolution of a study's layer over its padded input.
[[nodiscard]] kernels::ConvolutionShape convolution_shape(const study::ConvolutionSpec& spec,
                                                          std::size_t lanes);

}  // namespace minima::engine
