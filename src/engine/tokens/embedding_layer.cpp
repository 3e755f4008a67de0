#include "engine/tokens/embedding_layer.h"

#include <algorithm>
#include <cassert>

#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"
#include "kernels/layers/tokens.h"
#include "kernels/vector/transpose.h"

namespace minima::engine {

EmbeddingLayer::EmbeddingLayer(const EmbeddingBlock& block, const BatchShape& batch,
                               const ParameterPlaces& places)
    : shape_(std::get<network::Patches>(block.patches->what)),
      has_class_token_(block.class_token != nullptr),
      has_positions_(block.positions != nullptr),
      width_(static_cast<std::size_t>(block.linear == nullptr ? shape_.values()
                                                              : block.linear->units())),
      tokens_(static_cast<std::size_t>(shape_.tokens()) + (has_class_token_ ? 1 : 0)),
      patches_(static_cast<std::size_t>(shape_.tokens())),
      stride_(batch.stride),
      index_(block.patches->layer) {
  if (block.linear == nullptr) return;
  linear_.emplace(*block.linear, batch, places, tokens_ * stride_);
  bias_offset_ = places.offset(*block.linear, network::Role::bias);
  if (has_positions_) {
    position_offset_ = places.offset(*block.positions, network::Role::position);
  }
  if (has_class_token_) {
    class_offset_ = places.offset(*block.class_token, network::Role::class_token);
  }
}

std::size_t EmbeddingLayer::patch_values() const {
  return static_cast<std::size_t>(shape_.values());
}

std::size_t EmbeddingLayer::saved_floats() const {
  return !linear_ ? 0 : patch_values() * patches_ * stride_;
}

EmbeddingLayer::Scratch EmbeddingLayer::carve(float* scratch) const {
  Pieces pieces(scratch);
  const std::size_t shifts = linear_ ? width_ * tokens_ : 0;
  Scratch s{};
  s.patch_gradient = pieces.take(saved_floats());
  s.shifts = pieces.take(shifts);
  s.shift_gradient = pieces.take(shifts);
  s.linear = pieces.take(linear_ ? linear_->scratch_floats() : 0);
  s.floats = pieces.floats();
  return s;
}

std::size_t EmbeddingLayer::scratch_floats() const {
  return carve(nullptr).floats;
}

template <typename Copy>
void EmbeddingLayer::for_each_pixel(Copy copy) const {
  const auto patch_height = static_cast<std::size_t>(shape_.height);
  const auto patch_width = static_cast<std::size_t>(shape_.width);
  const auto height = static_cast<std::size_t>(shape_.input.height);
  const auto width = static_cast<std::size_t>(shape_.input.width);
  const auto channels = static_cast<std::size_t>(shape_.input.channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t x = 0; x < width; ++x) {
        const std::size_t value =
            (c * patch_height + y % patch_height) * patch_width + x % patch_width;
        const std::size_t place = y / patch_height * (width / patch_width) + x / patch_width;
        copy(((c * height + y) * width + x) * stride_, (value * patches_ + place) * stride_);
      }
    }
  }
}

// The sum of bias or class token and position: [width][tokens].
void EmbeddingLayer::fill_shifts(const float* parameters, float* shifts) const {
  const std::size_t first = tokens_ - patches_;
  for (std::size_t f = 0; f < width_; ++f) {
    for (std::size_t t = 0; t < tokens_; ++t) {
      const std::size_t own = (t < first ? class_offset_ : bias_offset_) + f;
      float& shift = shifts[f * tokens_ + t];
      shift = parameters[own];
      if (has_positions_) shift += parameters[position_offset_ + t * width_ + f];
    }
  }
}

void EmbeddingLayer::forward(const ForwardArguments& a) const {
  const float* image = a.input.by_feature;
  if (!linear_) {
    std::copy_n(image, width_ * stride_, a.output);
    return;
  }
  for_each_pixel(
      [&](std::size_t from, std::size_t to) { std::copy_n(image + from, stride_, a.saved + to); });
  if (a.activations != nullptr) {
    a.activations->apply({.place = {index_, kInputSite},
                          .features = patch_values() * patches_,
                          .stride = stride_,
                          .images = a.input.images},
                         a.saved);
  }
  const std::size_t first = tokens_ - patches_;
  linear_->forward(a.parameters, a.saved, a.output + first * stride_);
  if (has_class_token_) {
    for (std::size_t f = 0; f < width_; ++f) {
      std::fill_n(a.output + f * tokens_ * stride_, stride_, 0.0F);
    }
  }
  float* shifts = carve(a.scratch).shifts;
  assert(shifts != nullptr);
  fill_shifts(a.parameters, shifts);
  kernels::add_bias(a.output, shifts, width_ * tokens_, stride_, false);
}

void EmbeddingLayer::backward(const BackwardArguments& a, GradientSink& sink) const {
  if (!linear_) {
    if (a.input_gradient != nullptr) {
      std::copy_n(a.output_gradient, width_ * stride_, a.input_gradient);
    }
    return;
  }
  const Scratch scratch = carve(a.scratch);
  assert(scratch.shift_gradient != nullptr);
  const float* gradient = a.output_gradient + (tokens_ - patches_) * stride_;
  if (a.input_gradient != nullptr) {
    linear_->input_gradient(a.parameters, gradient, scratch.patch_gradient, false);
    for_each_pixel([&](std::size_t to, std::size_t from) {
      std::copy_n(scratch.patch_gradient + from, stride_, a.input_gradient + to);
    });
  }
  linear_->dispatch_weights(a.saved, gradient, a.input.images, scratch.linear, sink);
  kernels::row_sums(a.output_gradient, width_ * tokens_, stride_, scratch.shifts);
  dispatch_shifts(scratch.shifts, scratch.shift_gradient, sink);
}

void EmbeddingLayer::dispatch_shifts(const float* sums, float* scratch, GradientSink& sink) const {
  const std::size_t first = tokens_ - patches_;
  for (std::size_t f = 0; f < width_; ++f) {
    scratch[f] = 0.0F;
    for (std::size_t t = first; t < tokens_; ++t) scratch[f] += sums[f * tokens_ + t];
  }
  linear_->dispatch_bias(scratch, sink);
  if (has_positions_) {
    kernels::transpose(sums, width_, tokens_, tokens_, scratch, width_);
    sink.accept(index_, position_offset_, {scratch, width_ * tokens_});
  }
  if (has_class_token_) {
    for (std::size_t f = 0; f < width_; ++f) scratch[f] = sums[f * tokens_];
    sink.accept(index_, class_offset_, {scratch, width_});
  }
}

}  // namespace minima::engine
