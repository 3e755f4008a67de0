#pragma once

#include "engine/layers/layer.h"
#include "kernels/blocked_gemm.h"

namespace minima::engine {

/// The products of y = W x + b, the same W for every token, W [outputs][inputs], activations
/// [features][tokens][S]: a dense layer
/// whose batch is all tokens of all images. Biases are added, and summed, by those who sweep over
/// the outputs anyway.
class TokenLinear {
 public:
  /// `linear`: a network::Linear. `output_stride`: from feature to feature of the output; 0: tokens
  /// x S, S being the batch's stride.
  TokenLinear(const network::Op& linear, const BatchShape& batch, const ParameterPlaces& places,
              std::size_t output_stride = 0);

  [[nodiscard]] std::size_t inputs() const { return inputs_; }
  [[nodiscard]] std::size_t outputs() const { return outputs_; }
  [[nodiscard]] const float* bias(const float* parameters) const {
    return parameters + bias_offset_;
  }

  /// Makes the kernels of what follows.
  void prepare();

  /// y = W x.
  void forward(const float* parameters, const float* x, float* y) const;
  /// dx = W^T dy, or dx += ...
  void input_gradient(const float* parameters, const float* dy, float* dx, bool accumulate) const;

  /// Floats that hand_out_weights needs.
  [[nodiscard]] std::size_t scratch_floats() const;
  /// Gives the sink the gradient of W; `images` of this batch.
  void hand_out_weights(const float* x, const float* dy, std::size_t images, float* scratch,
                        GradientSink& sink) const;
  void hand_out_bias(const float* gradient, GradientSink& sink) const;
  /// For a map whose output changes nothing.
  void hand_out_zeros(GradientSink& sink) const;

 private:
  [[nodiscard]] kernels::BlockedGemm weight_gradient(std::size_t rows, std::size_t lanes,
                                                     bool accumulate) const;
  void prepare_chunks();
  void prepare_blocks(std::size_t full_lanes);
  /// W in one block: from chunks of lanes that are transposed and used up in the cache.
  void hand_out_chunks(const float* x, const float* dy, float* scratch, GradientSink& sink) const;
  /// W in several blocks: from all lanes, transposed once.
  void hand_out_blocks(const float* x, const float* dy, bool full, float* scratch,
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
  std::size_t block_;  // rows of W whose gradient is computed, and used up, at a time
  std::size_t chunk_;  // lanes that are transposed at a time

  kernels::BlockedGemm forward_;
  kernels::BlockedGemm input_gradient_;
  kernels::BlockedGemm add_input_gradient_;
  // Of the first chunk, of those after it, and of the last, smaller one.
  kernels::BlockedGemm first_chunk_;
  kernels::BlockedGemm next_chunk_;
  kernels::BlockedGemm last_chunk_;
  // Of a whole block and of the last, smaller one; over all lanes (gradients are zero in padding),
  // and for one token of a full batch without the padding.
  kernels::BlockedGemm block_gradient_;
  kernels::BlockedGemm rest_gradient_;
  kernels::BlockedGemm full_block_gradient_;
  kernels::BlockedGemm full_rest_gradient_;
};

}  // namespace minima::engine
