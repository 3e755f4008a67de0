#include "engine/token_linear.h"

#include <algorithm>

namespace minima::engine {
namespace {

// A block of the weight gradient stays in the first levels of the cache until the optimiser has
// used it: 64 KB.
constexpr std::size_t kBlockFloats = 16 * 1024;

int as_int(std::size_t size) {
  return static_cast<int>(size);
}

}  // namespace

TokenLinear::TokenLinear(const TokenLinearShape& shape, const BatchShape& batch,
                         const LayerPlace& place, std::size_t tensor)
    : inputs_(shape.inputs),
      outputs_(shape.outputs),
      lanes_(shape.tokens * batch.stride),
      output_stride_(shape.output_stride == 0 ? lanes_ : shape.output_stride),
      full_images_(batch.images),
      index_(place.index),
      weight_offset_(place.offsets[tensor]),
      bias_offset_(place.offsets[tensor + 1]),
      block_(std::clamp<std::size_t>(kBlockFloats / inputs_, 1, outputs_)),
      forward_({.m = as_int(lanes_),
                .n = as_int(outputs_),
                .k = as_int(inputs_),
                .lda = as_int(lanes_),
                .ldb = as_int(inputs_),
                .ldc = as_int(output_stride_)}) {
  kernels::GemmShape to_input{.m = as_int(lanes_),
                              .n = as_int(inputs_),
                              .k = as_int(outputs_),
                              .lda = as_int(output_stride_),
                              .ldb = as_int(inputs_),
                              .ldc = as_int(lanes_),
                              .transpose_b = true};
  input_gradient_ = kernels::BlockedGemm(to_input);
  to_input.accumulate = true;
  add_input_gradient_ = kernels::BlockedGemm(to_input);
  const std::size_t rest = outputs_ % block_ == 0 ? block_ : outputs_ % block_;
  const std::size_t full_lanes = shape.tokens == 1 ? batch.images : lanes_;
  block_gradient_ = weight_gradient(block_, lanes_);
  rest_gradient_ = weight_gradient(rest, lanes_);
  full_block_gradient_ = weight_gradient(block_, full_lanes);
  full_rest_gradient_ = weight_gradient(rest, full_lanes);
}

// dW [rows][inputs] is, column-major, [inputs x rows] = X^T [inputs x lanes] * dY^T [lanes x rows].
kernels::BlockedGemm TokenLinear::weight_gradient(std::size_t rows, std::size_t lanes) const {
  return kernels::BlockedGemm({.m = as_int(inputs_),
                               .n = as_int(rows),
                               .k = as_int(lanes),
                               .lda = as_int(inputs_),
                               .ldb = as_int(output_stride_),
                               .ldc = as_int(inputs_)});
}

void TokenLinear::forward(const float* parameters, const float* x, float* y) const {
  forward_(x, parameters + weight_offset_, y);
}

void TokenLinear::input_gradient(const float* parameters, const float* dy, float* dx,
                                 bool accumulate) const {
  (accumulate ? add_input_gradient_ : input_gradient_)(dy, parameters + weight_offset_, dx);
}

void TokenLinear::hand_out_weights(const float* by_token, const float* dy, std::size_t images,
                                   float* scratch, GradientSink& sink) const {
  const bool full = images == full_images_;
  for (std::size_t row = 0; row < outputs_; row += block_) {
    const std::size_t rows = std::min(block_, outputs_ - row);
    const bool whole = rows == block_;
    const kernels::BlockedGemm& product = full
                                              ? (whole ? full_block_gradient_ : full_rest_gradient_)
                                              : (whole ? block_gradient_ : rest_gradient_);
    product(by_token, dy + row * output_stride_, scratch);
    sink.accept(index_, weight_offset_ + row * inputs_, {scratch, rows * inputs_});
  }
}

void TokenLinear::hand_out_bias(const float* gradient, GradientSink& sink) const {
  sink.accept(index_, bias_offset_, {gradient, outputs_});
}

void TokenLinear::hand_out_zeros(GradientSink& sink) const {
  sink.accept_zeros(index_, weight_offset_, outputs_ * inputs_);
  sink.accept_zeros(index_, bias_offset_, outputs_);
}

}  // namespace minima::engine
