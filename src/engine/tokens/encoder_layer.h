#pragma once

#include "engine/tokens/mlp.h"
#include "engine/tokens/self_attention.h"
#include "engine/tokens/token_norm.h"

namespace minima::engine {

/// A transformer encoder block (Vaswani et al. 2017), as PyTorch's nn.TransformerEncoderLayer:
///   pre-norm   y = x + attention(norm1(x));  z = y + mlp(norm2(y))
///   post-norm  y = norm1(x + attention(x));  z = norm2(y + mlp(y))
/// Dropout acts at the same sites as in PyTorch: on the attention probabilities, on the MLP's
/// hidden activations, and on the output of each sublayer before the residual is added.
class EncoderLayer final : public Layer {
 public:
  EncoderLayer(const EncoderBlock& block, const BatchShape& batch, const ParameterPlaces& places);

  [[nodiscard]] std::size_t outputs() const override { return width_ * tokens_; }
  [[nodiscard]] std::size_t saved_floats() const override;
  [[nodiscard]] std::size_t scratch_floats() const override;
  void prepare() override {
    attention_.prepare();
    mlp_.prepare();
  }

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  /// The pieces of the memory that the forward pass saves, and of the scratch memory.
  struct Saved;
  struct Scratch;
  [[nodiscard]] Saved carve_saved(float* saved) const;  // null: computes sizes only
  [[nodiscard]] Scratch carve_scratch(float* scratch) const;
  void backward_pre_norm(const BackwardArguments& arguments, GradientSink& sink) const;
  void backward_post_norm(const BackwardArguments& arguments, GradientSink& sink) const;

  std::size_t index_;
  std::size_t width_;
  std::size_t tokens_;
  std::size_t floats_;  // of all tokens
  bool pre_norm_;
  TokenNorm norm1_;
  SelfAttention attention_;
  TokenNorm norm2_;
  Mlp mlp_;
};

}  // namespace minima::engine
