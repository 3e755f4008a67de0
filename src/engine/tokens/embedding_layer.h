#pragma once

#include <optional>

#include "engine/tokens/embedding_block.h"
#include "engine/tokens/token_linear.h"

namespace minima::engine {

/// Turns patches of an image into tokens: a linear embedding of each patch, plus learned positions,
/// with an optional learned class token in front (Dosovitskiy et al. 2021). As identity: all pixels
/// as one token.
class EmbeddingLayer final : public Layer {
 public:
  EmbeddingLayer(const EmbeddingBlock& block, const BatchShape& batch,
                 const ParameterPlaces& places);

  [[nodiscard]] std::size_t outputs() const override { return width_ * tokens_; }
  [[nodiscard]] std::size_t saved_floats() const override;
  [[nodiscard]] std::size_t scratch_floats() const override;
  void prepare() override {
    if (linear_) linear_->prepare();
  }

  void forward(const ForwardArguments& arguments) const override;
  void backward(const BackwardArguments& arguments, GradientSink& sink) const override;

 private:
  /// The pieces of the scratch memory.
  struct Scratch {
    float* patch_gradient;  // like the saved patches
    float* shifts;          // [width][tokens]: of the outputs, then the sums of their gradients
    float* shift_gradient;  // the part of the sums that goes to the sink
    float* linear;          // scratch of the linear map
    std::size_t floats;     // total of all pieces
  };
  [[nodiscard]] Scratch carve(float* scratch) const;  // null: computes sizes only
  [[nodiscard]] std::size_t patch_values() const;
  /// Calls copy(pixel row, patch row) with the offsets of a pixel's S values in the image and in
  /// the patches [channel][y][x][patch].
  template <typename Copy>
  void for_each_pixel(Copy copy) const;
  void fill_shifts(const float* parameters, float* shifts) const;
  void dispatch_shifts(const float* sums, float* scratch, GradientSink& sink) const;

  network::Patches shape_;
  bool has_class_token_;
  bool has_positions_;
  std::size_t width_;
  std::size_t tokens_;
  std::size_t patches_;
  std::size_t stride_;
  std::size_t index_;
  std::optional<TokenLinear> linear_;  // empty for the identity
  std::size_t bias_offset_ = 0;
  std::size_t position_offset_ = 0;
  std::size_t class_offset_ = 0;
};

}  // namespace minima::engine
