#include "engine/layers/dense_layer.h"

#include <algorithm>

#include "engine/layers/activation.h"
#include "engine/layers/sizes.h"
#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"
#include "kernels/vector/transpose.h"

namespace minima::engine {

DenseLayer::DenseLayer(const network::Op& linear, const BatchShape& batch,
                       const ParameterPlaces& places)
    : inputs_(static_cast<std::size_t>(std::get<network::Linear>(linear.what).inputs)),
      outputs_(static_cast<std::size_t>(std::get<network::Linear>(linear.what).outputs)),
      activation_(linear.activation),
      batch_(batch),
      index_(linear.layer),
      weight_offset_(places.offset(linear, network::Role::weight)),
      bias_offset_(places.offset(linear, network::Role::bias)),
      block_(std::clamp<std::size_t>(kGradientBlockFloats / inputs_, 1, outputs_)) {}

void DenseLayer::prepare() {
  forward_ = kernels::Gemm({.m = as_int(batch_.stride),
                            .n = as_int(outputs_),
                            .k = as_int(inputs_),
                            .lda = as_int(batch_.stride),
                            .ldb = as_int(inputs_),
                            .ldc = as_int(batch_.stride)});
  input_gradient_ = kernels::Gemm({.m = as_int(batch_.stride),
                                   .n = as_int(inputs_),
                                   .k = as_int(outputs_),
                                   .lda = as_int(batch_.stride),
                                   .ldb = as_int(inputs_),
                                   .ldc = as_int(batch_.stride),
                                   .transpose_b = true});
  const std::size_t rest = outputs_ % block_ == 0 ? block_ : outputs_ % block_;
  full_block_ = weight_gradient(block_, batch_.images);
  full_rest_ = weight_gradient(rest, batch_.images);
  partial_block_ = weight_gradient(block_, batch_.stride);
  partial_rest_ = weight_gradient(rest, batch_.stride);
}

// dW [rows][inputs], read as column-major, is
//   [inputs x rows] = X^T [inputs x images] * dY^T [images x rows].
kernels::Gemm DenseLayer::weight_gradient(std::size_t rows, std::size_t images) const {
  return kernels::Gemm({.m = as_int(inputs_),
                        .n = as_int(rows),
                        .k = as_int(images),
                        .lda = as_int(inputs_),
                        .ldb = as_int(batch_.stride),
                        .ldc = as_int(inputs_)});
}

std::size_t DenseLayer::saved_floats() const {
  return slope_floats(activation_, outputs_ * batch_.stride);
}

DenseLayer::Scratch DenseLayer::carve(float* scratch) const {
  Pieces pieces(scratch);
  Scratch s{};
  s.transposed_input = pieces.take(inputs_ * batch_.stride);
  s.weight_gradient = pieces.take(block_ * inputs_);
  s.bias_gradient = pieces.take(outputs_);
  s.floats = pieces.floats();
  return s;
}

std::size_t DenseLayer::scratch_floats() const {
  return carve(nullptr).floats;
}

void DenseLayer::forward(const ForwardArguments& arguments) const {
  forward_(arguments.input.by_feature, arguments.parameters + weight_offset_, arguments.output);
  add_bias_and_activate(activation_, arguments.output, arguments.parameters + bias_offset_,
                        arguments.saved, outputs_, batch_.stride);
  if (arguments.unit_max != nullptr && network::traits(activation_).can_die) {
    kernels::update_row_max(arguments.output, outputs_, batch_.stride, arguments.input.images,
                            arguments.unit_max);
  }
}

void DenseLayer::backward(const BackwardArguments& arguments, GradientSink& sink) const {
  const Scratch scratch = carve(arguments.scratch);
  activation_backward(activation_, arguments.output_gradient, arguments.output, arguments.saved,
                      scratch.bias_gradient, outputs_, batch_.stride);
  if (arguments.input_gradient != nullptr) {
    input_gradient_(arguments.output_gradient, arguments.parameters + weight_offset_,
                    arguments.input_gradient);
  }
  BackwardArguments with_images = arguments;
  if (arguments.input.by_image == nullptr) {
    kernels::transpose(arguments.input.by_feature, inputs_, batch_.stride, batch_.stride,
                       scratch.transposed_input, inputs_);
    with_images.input.by_image = scratch.transposed_input;
  }
  dispatch_weights(with_images, sink, scratch.weight_gradient);
  sink.accept(index_, bias_offset_, {scratch.bias_gradient, outputs_});
}

void DenseLayer::dispatch_weights(const BackwardArguments& arguments, GradientSink& sink,
                                  float* gradient) const {
  const bool full = arguments.input.images == batch_.images;
  for (std::size_t row = 0; row < outputs_; row += block_) {
    const std::size_t rows = std::min(block_, outputs_ - row);
    const bool whole = rows == block_;
    const kernels::Gemm& product =
        full ? (whole ? full_block_ : full_rest_) : (whole ? partial_block_ : partial_rest_);
    product(arguments.input.by_image, arguments.output_gradient + row * batch_.stride, gradient);
    sink.accept(index_, weight_offset_ + row * inputs_, {gradient, rows * inputs_});
  }
}

}  // namespace minima::engine
