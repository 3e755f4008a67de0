#include "engine/tokens/token_pool_layer.h"

#include <algorithm>

#include "engine/layers/workspace_pieces.h"
#include "kernels/tokens.h"

namespace minima::engine {

TokenPoolLayer::TokenPoolLayer(const network::Op* norm, const network::TokenPooling& pooling,
                               const BatchShape& batch, const ParameterPlaces& places)
    : width_(static_cast<std::size_t>(pooling.width)),
      tokens_(static_cast<std::size_t>(pooling.tokens)),
      stride_(batch.stride),
      first_(pooling.kind == network::TokenPooling::Kind::first) {
  if (norm == nullptr) return;
  const std::size_t columns = (first_ ? 1 : tokens_) * stride_;
  norm_.emplace(kernels::LayerNormShape{.features = width_, .columns = columns, .stride = columns},
                *norm, places);
}

std::size_t TokenPoolLayer::normed_floats() const {
  return width_ * (first_ ? 1 : tokens_) * stride_;
}

// A copy of the first token if only that is used, and what the norm saves.
std::size_t TokenPoolLayer::saved_floats() const {
  if (!norm_) return 0;
  return piece_floats(norm_->saved_floats()) + (first_ ? normed_floats() : 0);
}

// Normed tokens or their gradient; scratch of the norm.
std::size_t TokenPoolLayer::scratch_floats() const {
  return piece_floats(normed_floats()) + (norm_ ? norm_->scratch_floats() : 0);
}

void TokenPoolLayer::forward(const ForwardArguments& a) const {
  if (first_) return forward_first(a);
  const float* x = a.input.by_feature;
  if (norm_) {
    norm_->forward(a.parameters, x, a.scratch, a.saved);
    x = a.scratch;
  }
  kernels::mean_over_tokens(x, width_, tokens_, stride_, a.output);
}

void TokenPoolLayer::forward_first(const ForwardArguments& a) const {
  Pieces saved(a.saved);
  float* kept = norm_ ? saved.take(norm_->saved_floats()) : nullptr;
  float* first = norm_ ? saved.take(normed_floats()) : a.output;
  for (std::size_t f = 0; f < width_; ++f) {
    std::copy_n(a.input.by_feature + f * tokens_ * stride_, stride_, first + f * stride_);
  }
  if (norm_) norm_->forward(a.parameters, first, a.output, kept);
}

void TokenPoolLayer::backward(const BackwardArguments& a, GradientSink& sink) const {
  if (first_) return backward_first(a, sink);
  Pieces pieces(a.scratch);
  float* normed_gradient = norm_ ? pieces.take(normed_floats()) : a.input_gradient;
  if (normed_gradient == nullptr) return;
  kernels::mean_over_tokens_backward(a.output_gradient, width_, tokens_, stride_, normed_gradient);
  if (norm_) {
    norm_->backward(a.parameters, a.input.by_feature, a.saved,
                    {.y = normed_gradient, .x = a.input_gradient}, pieces.take(0), sink);
  }
}

void TokenPoolLayer::backward_first(const BackwardArguments& a, GradientSink& sink) const {
  if (norm_) {
    Pieces saved(a.saved);
    const float* kept = saved.take(norm_->saved_floats());
    norm_->backward(a.parameters, saved.take(normed_floats()), kept,
                    {.y = a.output_gradient, .x = a.output_gradient}, a.scratch, sink);
  }
  if (a.input_gradient == nullptr) return;
  for (std::size_t f = 0; f < width_; ++f) {
    float* tokens = a.input_gradient + f * tokens_ * stride_;
    std::copy_n(a.output_gradient + f * stride_, stride_, tokens);
    std::fill_n(tokens + stride_, (tokens_ - 1) * stride_, 0.0F);
  }
}

}  // namespace minima::engine
