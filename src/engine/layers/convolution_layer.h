#pragma once

#include "engine/layers/layer.h"
#include "kernels/layers/convolution.h"

namespace minima::engine {

/// Convolution with zero padding, followed by its activation function.
class ConvolutionLayer final : public Layer {
 public:
  /// `convolution`: a network::Convolution.
  ConvolutionLayer(const network::Op& convolution, const BatchShape& batch,
                   const ParameterPlaces& places);

  [[nodiscard]] std::size_t outputs() const override { return shape_.filters * pixels_; }
  [[nodiscard]] std::size_t saved_floats() const override;
  [[nodiscard]] std::size_t scratch_floats() const override;

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  /// The pieces of the scratch memory.
  struct Scratch {
    float* padded_input;     // empty without padding
    float* spread_gradient;  // the output gradient, dilated by the stride and zero-padded
    float* flipped_weights;  // [channels][filters][k][k], rotated by 180 degrees; then zero biases
    float* row_sums;         // [filters][pixels]
    float* lane_sums;        // [weights][kBatchMultiple]
    float* gradient;         // weights, then biases
    std::size_t floats;      // total of all pieces
  };
  [[nodiscard]] Scratch carve(float* scratch) const;  // null: computes sizes only
  [[nodiscard]] const float* padded(const float* input, float* room) const;
  void activate(const ForwardArguments& arguments, const Scratch& scratch) const;
  void input_gradient(const BackwardArguments& arguments, const Scratch& scratch) const;
  void weight_gradient(const BackwardArguments& arguments, const Scratch& scratch,
                       GradientSink& sink) const;

  network::Convolution spec_;
  network::Activation activation_;
  kernels::ConvolutionShape shape_;     // over the padded input
  kernels::ConvolutionShape backward_;  // from the dilated output gradient to the input gradient
  std::size_t pixels_;                  // of the output
  std::size_t index_;
  std::size_t weight_offset_;
  std::size_t bias_offset_;
};

/// The shape of the convolution over its padded input.
[[nodiscard]] kernels::ConvolutionShape convolution_shape(const network::Convolution& convolution,
                                                          std::size_t lanes);

}  // namespace minima::engine
