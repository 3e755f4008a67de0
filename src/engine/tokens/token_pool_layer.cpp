#include "engine/tokens/token_pool_layer.h"

#include <algorithm>

#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/tokens.h"

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

TokenPoolLayer::Saved TokenPoolLayer::carve_saved(float* saved) const {
  Pieces pieces(saved);
  Saved s{};
  s.norm = pieces.take(norm_ ? norm_->saved_floats() : 0);
  s.first = pieces.take(norm_ && first_ ? normed_floats() : 0);
  s.floats = pieces.floats();
  return s;
}

TokenPoolLayer::Scratch TokenPoolLayer::carve_scratch(float* scratch) const {
  Pieces pieces(scratch);
  Scratch s{};
  s.normed = pieces.take(norm_ && !first_ ? normed_floats() : 0);
  s.norm = pieces.take(norm_ ? norm_->scratch_floats() : 0);
  s.floats = pieces.floats();
  return s;
}

std::size_t TokenPoolLayer::saved_floats() const {
  return carve_saved(nullptr).floats;
}

std::size_t TokenPoolLayer::scratch_floats() const {
  return carve_scratch(nullptr).floats;
}

void TokenPoolLayer::forward(const ForwardArguments& a) const {
  if (first_) return forward_first(a);
  const float* x = a.input.by_feature;
  if (norm_) {
    float* normed = carve_scratch(a.scratch).normed;
    norm_->forward(a.parameters, x, normed, carve_saved(a.saved).norm);
    x = normed;
  }
  kernels::mean_over_tokens(x, width_, tokens_, stride_, a.output);
}

void TokenPoolLayer::forward_first(const ForwardArguments& a) const {
  const Saved saved = carve_saved(a.saved);
  float* first = norm_ ? saved.first : a.output;
  for (std::size_t f = 0; f < width_; ++f) {
    std::copy_n(a.input.by_feature + f * tokens_ * stride_, stride_, first + f * stride_);
  }
  if (norm_) norm_->forward(a.parameters, first, a.output, saved.norm);
}

void TokenPoolLayer::backward(const BackwardArguments& a, GradientSink& sink) const {
  if (first_) return backward_first(a, sink);
  const Scratch scratch = carve_scratch(a.scratch);
  float* normed_gradient = norm_ ? scratch.normed : a.input_gradient;
  if (normed_gradient == nullptr) return;
  kernels::mean_over_tokens_backward(a.output_gradient, width_, tokens_, stride_, normed_gradient);
  if (norm_) {
    norm_->backward(a.parameters, a.input.by_feature, carve_saved(a.saved).norm,
                    {.y = normed_gradient, .x = a.input_gradient}, scratch.norm, sink);
  }
}

void TokenPoolLayer::backward_first(const BackwardArguments& a, GradientSink& sink) const {
  if (norm_) {
    const Saved saved = carve_saved(a.saved);
    norm_->backward(a.parameters, saved.first, saved.norm,
                    {.y = a.output_gradient, .x = a.output_gradient}, carve_scratch(a.scratch).norm,
                    sink);
  }
  if (a.input_gradient == nullptr) return;
  for (std::size_t f = 0; f < width_; ++f) {
    float* tokens = a.input_gradient + f * tokens_ * stride_;
    std::copy_n(a.output_gradient + f * stride_, stride_, tokens);
    std::fill_n(tokens + stride_, (tokens_ - 1) * stride_, 0.0F);
  }
}

}  // namespace minima::engine
