#pragma once

#include "engine/layers/layer.h"
#include "kernels/products/gemm.h"

namespace minima::engine {

/// y = W x + b, followed by the activation function if the layer has one; W [outputs][inputs].
class DenseLayer final : public Layer {
 public:
  /// `linear`: a network::Linear of one token.
  DenseLayer(const network::Op& linear, const BatchShape& batch, const ParameterPlaces& places);

  [[nodiscard]] std::size_t outputs() const override { return outputs_; }
  [[nodiscard]] std::size_t saved_floats() const override;
  [[nodiscard]] std::size_t scratch_floats() const override;
  void prepare() override;

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  /// The pieces of the scratch memory.
  struct Scratch {
    float* transposed_input;  // [S][inputs], if the caller has the images by feature only
    float* weight_gradient;   // of a block of rows
    float* bias_gradient;
    std::size_t floats;  // total of all pieces
  };
  [[nodiscard]] Scratch carve(float* scratch) const;  // null: computes sizes only
  [[nodiscard]] kernels::Gemm weight_gradient(std::size_t rows, std::size_t images) const;
  void dispatch_weights(const BackwardArguments& arguments, GradientSink& sink,
                        float* gradient) const;

  std::size_t inputs_;
  std::size_t outputs_;
  network::Activation activation_;
  BatchShape batch_;
  std::size_t index_;
  std::size_t weight_offset_;
  std::size_t bias_offset_;
  std::size_t block_;  // rows of W whose gradient is computed and consumed at a time

  kernels::Gemm forward_;
  kernels::Gemm input_gradient_;
  // Weight gradients of a full block and of the last, smaller block. full_: for full batches.
  // partial_: for the last, smaller batch of an epoch. They also sum over the padding lanes, where
  // gradients are zero.
  kernels::Gemm full_block_;
  kernels::Gemm full_rest_;
  kernels::Gemm partial_block_;
  kernels::Gemm partial_rest_;
};

}  // namespace minima::engine
