#pragma once

#include "engine/tokens/dropout.h"
#include "engine/tokens/encoder_block.h"
#include "engine/tokens/sublayer.h"
#include "engine/tokens/token_linear.h"
#include "kernels/layers/attention.h"

namespace minima::engine {

/// Multi-head self-attention between the tokens of an image: O(attention(Q x, K x, V x)). A single
/// token attends only to itself, whatever its query and key. These are then not computed, and the
/// gradients of their parameters are zero. Dropout of its one probability drops all values of a
/// head.
class SelfAttention {
 public:
  SelfAttention(const EncoderBlock& block, const BatchShape& batch, const ParameterPlaces& places);

  [[nodiscard]] std::size_t saved_floats() const;
  [[nodiscard]] std::size_t scratch_floats() const;
  /// Makes the kernels that forward and backward need.
  void prepare() {
    for (TokenLinear* linear : {&query_, &key_, &value_, &output_}) linear->prepare();
  }
  void forward(const SublayerForward& arguments) const;
  void backward(const SublayerBackward& arguments, GradientSink& sink) const;

 private:
  /// The pieces of the memory that the forward pass saves, and of the scratch memory.
  struct Saved;
  struct Scratch;
  [[nodiscard]] Saved carve_saved(float* saved) const;  // null: computes sizes only
  [[nodiscard]] Scratch carve_scratch(float* scratch) const;
  void project(const SublayerForward& arguments, const TokenLinear& linear, float* y) const;
  void attend(const SublayerForward& arguments, const Saved& saved) const;
  /// For a single token: dropout of its probability, applied to the values or to their gradient.
  void drop_heads(const DropoutKey* key, float* x) const;
  void backward_output(const SublayerBackward& arguments, const Saved& saved,
                       const Scratch& scratch, GradientSink& sink) const;
  /// Backward pass of the query, key or value projection. `gradient`: of the projection's output.
  void backward_projection(const SublayerBackward& arguments, const TokenLinear& linear,
                           const float* gradient, const Scratch& scratch, GradientSink& sink) const;

  kernels::AttentionShape shape_;
  std::size_t width_;
  std::size_t inner_;  // features of queries, keys and values, over all heads
  std::size_t lanes_;  // of all tokens
  TokenLinear query_;
  TokenLinear key_;
  TokenLinear value_;
  TokenLinear output_;
  Dropout probability_dropout_;
  OutputDropout output_dropout_;
};

}  // namespace minima::engine
