#pragma once

#include "engine/layers/layer.h"
#include "kernels/products/blocked_gemm.h"

namespace minima::engine {

/// The products of y = W x + b with the same W [outputs][inputs] for every token; activations
/// [features][tokens][S]. Works as a dense layer whose batch is all tokens of all images. Callers
/// add and sum the biases, because they sweep over the outputs anyway.
class TokenLinear {
 public:
  /// `linear`: a network::Linear. `output_stride`: floats between features of the output; 0: tokens
  /// x S, where S is the batch's stride.
  TokenLinear(const network::Op& linear, const BatchShape& batch, const ParameterPlaces& places,
              std::size_t output_stride = 0);

  [[nodiscard]] std::size_t inputs() const { return inputs_; }
  [[nodiscard]] std::size_t outputs() const { return outputs_; }
  [[nodiscard]] const float* bias(const float* parameters) const {
    return parameters + bias_offset_;
  }

  /// Makes the kernels that the functions below need.
  void prepare();

  /// y = W x.
  void forward(const float* parameters, const float* x, float* y) const;
  /// dx = W^T dy; if `accumulate`, dx += W^T dy.
  void input_gradient(const float* parameters, const float* dy, float* dx, bool accumulate) const;

  /// Scratch floats of dispatch_weights.
  [[nodiscard]] std::size_t scratch_floats() const;
  /// Passes the gradient of W to the sink. `images`: in this batch.
  void dispatch_weights(const float* x, const float* dy, std::size_t images, float* scratch,
                        GradientSink& sink) const;
  void dispatch_bias(const float* gradient, GradientSink& sink) const;
  /// For a map whose output has no effect: passes zero gradients.
  void dispatch_zeros(GradientSink& sink) const;

 private:
  /// The pieces of the scratch memory.
  struct Scratch {
    float* by_token;     // a chunk of x, [lanes of a chunk][inputs]
    float* gradient;     // of a block of rows of W
    std::size_t floats;  // total of all pieces
  };
  [[nodiscard]] Scratch carve(float* scratch) const;  // null: computes sizes only
  [[nodiscard]] kernels::BlockedGemm weight_gradient(std::size_t rows, std::size_t lanes,
                                                     bool accumulate) const;
  void prepare_chunks();
  void prepare_blocks(std::size_t full_lanes);
  /// If W is one block: transposes chunks of lanes and uses each while it is in the cache.
  void dispatch_chunks(const float* x, const float* dy, const Scratch& scratch,
                       GradientSink& sink) const;
  /// If W is several blocks: transposes all lanes once.
  void dispatch_blocks(const float* x, const float* dy, bool full, const Scratch& scratch,
                       GradientSink& sink) const;

  std::size_t inputs_;
  std::size_t outputs_;
  std::size_t lanes_;  // of all tokens
  std::size_t output_stride_;
  std::size_t full_images_;
  bool one_token_;
  std::size_t index_;
  std::size_t weight_offset_;
  std::size_t bias_offset_;
  std::size_t block_;  // rows of W whose gradient is computed and consumed at a time
  std::size_t chunk_;  // lanes transposed at a time

  kernels::BlockedGemm forward_;
  kernels::BlockedGemm input_gradient_;
  kernels::BlockedGemm add_input_gradient_;
  // For the first chunk, the following ones, and the last, smaller one.
  kernels::BlockedGemm first_chunk_;
  kernels::BlockedGemm next_chunk_;
  kernels::BlockedGemm last_chunk_;
  // For a full block and the last, smaller block. Over all lanes (gradients are zero in padding);
  // full_: for one token of a full batch, without the padding.
  kernels::BlockedGemm block_gradient_;
  kernels::BlockedGemm rest_gradient_;
  kernels::BlockedGemm full_block_gradient_;
  kernels::BlockedGemm full_rest_gradient_;
};

}  // namespace minima::engine
