#include "engine/tokens/token_linear.h"

#include <algorithm>

#include "engine/layers/sizes.h"
#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"
#include "kernels/vector/transpose.h"

namespace minima::engine {
namespace {

// Lanes of all inputs transposed at a time: 128 KB.
constexpr std::size_t kChunkFloats = 32 * 1024;

const network::Linear& shape_of(const network::Op& op) {
  return std::get<network::Linear>(op.what);
}

}  // namespace

TokenLinear::TokenLinear(const network::Op& linear, const BatchShape& batch,
                         const ParameterPlaces& places, std::size_t output_stride)
    : inputs_(as_size(shape_of(linear).inputs)),
      outputs_(as_size(shape_of(linear).outputs)),
      lanes_(as_size(shape_of(linear).tokens) * batch.stride),
      output_stride_(output_stride == 0 ? lanes_ : output_stride),
      full_images_(batch.images),
      one_token_(shape_of(linear).tokens == 1),
      index_(linear.layer),
      weight_offset_(places.offset(linear, network::Role::weight)),
      bias_offset_(places.offset(linear, network::Role::bias)),
      block_(std::clamp<std::size_t>(kGradientBlockFloats / inputs_, 1, outputs_)),
      chunk_(lanes_) {
  if (block_ == outputs_ && !one_token_) {
    constexpr std::size_t kStep = kernels::kBatchMultiple;
    chunk_ = std::clamp(kChunkFloats / inputs_ / kStep * kStep, kStep, lanes_);
  }
}

void TokenLinear::prepare() {
  forward_ = kernels::BlockedGemm({.m = as_int(lanes_),
                                   .n = as_int(outputs_),
                                   .k = as_int(inputs_),
                                   .lda = as_int(lanes_),
                                   .ldb = as_int(inputs_),
                                   .ldc = as_int(output_stride_)});
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
  if (chunk_ < lanes_) {
    prepare_chunks();
  } else {
    prepare_blocks(one_token_ ? full_images_ : lanes_);
  }
}

void TokenLinear::prepare_chunks() {
  const std::size_t rest = lanes_ % chunk_ == 0 ? chunk_ : lanes_ % chunk_;
  first_chunk_ = weight_gradient(outputs_, chunk_, false);
  next_chunk_ = weight_gradient(outputs_, chunk_, true);
  last_chunk_ = weight_gradient(outputs_, rest, true);
}

void TokenLinear::prepare_blocks(std::size_t full_lanes) {
  const std::size_t rest = outputs_ % block_ == 0 ? block_ : outputs_ % block_;
  block_gradient_ = weight_gradient(block_, lanes_, false);
  rest_gradient_ = weight_gradient(rest, lanes_, false);
  full_block_gradient_ = weight_gradient(block_, full_lanes, false);
  full_rest_gradient_ = weight_gradient(rest, full_lanes, false);
}

// dW [rows][inputs], read as column-major, is
//   [inputs x rows] = X^T [inputs x lanes] * dY^T [lanes x rows].
kernels::BlockedGemm TokenLinear::weight_gradient(std::size_t rows, std::size_t lanes,
                                                  bool accumulate) const {
  return kernels::BlockedGemm({.m = as_int(inputs_),
                               .n = as_int(rows),
                               .k = as_int(lanes),
                               .lda = as_int(inputs_),
                               .ldb = as_int(output_stride_),
                               .ldc = as_int(inputs_),
                               .accumulate = accumulate});
}

void TokenLinear::forward(const float* parameters, const float* x, float* y) const {
  forward_(x, parameters + weight_offset_, y);
}

void TokenLinear::input_gradient(const float* parameters, const float* dy, float* dx,
                                 bool accumulate) const {
  (accumulate ? add_input_gradient_ : input_gradient_)(dy, parameters + weight_offset_, dx);
}

// Chunks are used only if W is a single block; blocks only if all lanes are a single chunk.
TokenLinear::Scratch TokenLinear::carve(float* scratch) const {
  Pieces pieces(scratch);
  Scratch s{};
  s.by_token = pieces.take(inputs_ * chunk_);
  s.gradient = pieces.take(block_ * inputs_);
  s.floats = pieces.floats();
  return s;
}

std::size_t TokenLinear::scratch_floats() const {
  return carve(nullptr).floats;
}

void TokenLinear::dispatch_weights(const float* x, const float* dy, std::size_t images,
                                   float* scratch, GradientSink& sink) const {
  if (chunk_ < lanes_) {
    dispatch_chunks(x, dy, carve(scratch), sink);
  } else {
    dispatch_blocks(x, dy, images == full_images_, carve(scratch), sink);
  }
}

void TokenLinear::dispatch_chunks(const float* x, const float* dy, const Scratch& scratch,
                                  GradientSink& sink) const {
  for (std::size_t lane = 0; lane < lanes_; lane += chunk_) {
    const std::size_t lanes = std::min(chunk_, lanes_ - lane);
    kernels::transpose(x + lane, inputs_, lanes, lanes_, scratch.by_token, inputs_);
    const kernels::BlockedGemm& product =
        lane == 0 ? first_chunk_ : (lanes == chunk_ ? next_chunk_ : last_chunk_);
    product(scratch.by_token, dy + lane, scratch.gradient);
  }
  sink.accept(index_, weight_offset_, {scratch.gradient, outputs_ * inputs_});
}

void TokenLinear::dispatch_blocks(const float* x, const float* dy, bool full,
                                  const Scratch& scratch, GradientSink& sink) const {
  kernels::transpose(x, inputs_, lanes_, lanes_, scratch.by_token, inputs_);
  for (std::size_t row = 0; row < outputs_; row += block_) {
    const std::size_t rows = std::min(block_, outputs_ - row);
    const bool whole = rows == block_;
    const kernels::BlockedGemm& product = full
                                              ? (whole ? full_block_gradient_ : full_rest_gradient_)
                                              : (whole ? block_gradient_ : rest_gradient_);
    product(scratch.by_token, dy + row * output_stride_, scratch.gradient);
    sink.accept(index_, weight_offset_ + row * inputs_, {scratch.gradient, rows * inputs_});
  }
}

void TokenLinear::dispatch_bias(const float* gradient, GradientSink& sink) const {
  sink.accept(index_, bias_offset_, {gradient, outputs_});
}

void TokenLinear::dispatch_zeros(GradientSink& sink) const {
  sink.accept_zeros(index_, weight_offset_, outputs_ * inputs_);
  sink.accept_zeros(index_, bias_offset_, outputs_);
}

}  // namespace minima::engine
