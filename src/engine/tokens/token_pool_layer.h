#pragma once

#include <optional>

#include "engine/tokens/token_norm.h"

namespace minima::engine {

/// Turns tokens into the features of the image: an optional layer norm, then the mean of the tokens
/// or the first token (the class token).
class TokenPoolLayer final : public Layer {
 public:
  /// `norm`: null if there is none.
  TokenPoolLayer(const network::Op* norm, const network::TokenPooling& pooling,
                 const BatchShape& batch, const ParameterPlaces& places);

  [[nodiscard]] std::size_t outputs() const override { return width_; }
  [[nodiscard]] std::size_t saved_floats() const override;
  [[nodiscard]] std::size_t scratch_floats() const override;

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  void forward_first(const ForwardArguments& arguments) const;
  void backward_first(const BackwardArguments& arguments, GradientSink& sink) const;
  /// The pieces of the memory that the forward pass saves, and of the scratch memory.
  struct Saved {
    float* norm;         // saved by the norm
    float* first;        // a copy of the first token, if the norm sees only that
    std::size_t floats;  // total of all pieces
  };
  struct Scratch {
    float* normed;  // the normed tokens, then their gradient
    float* norm;    // scratch of the norm
    std::size_t floats;
  };
  [[nodiscard]] Saved carve_saved(float* saved) const;  // null: computes sizes only
  [[nodiscard]] Scratch carve_scratch(float* scratch) const;
  /// Floats of the tokens that the norm sees; the other tokens are not used.
  [[nodiscard]] std::size_t normed_floats() const;

  std::size_t width_;
  std::size_t tokens_;
  std::size_t stride_;
  bool first_;
  std::optional<TokenNorm> norm_;
};

}  // namespace minima::engine
