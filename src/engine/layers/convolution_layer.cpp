#include "engine/layers/convolution_layer.h"

#include <algorithm>

#include "engine/layers/activation.h"
#include "engine/layers/sizes.h"
#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"

namespace minima::engine {
namespace {

std::size_t floats_of_input(const kernels::ConvolutionShape& s) {
  return s.channels * s.height * s.width * s.lanes;
}

// Copies [channels][height][width][lanes] into a larger image and fills the rest with zeros: pixel
// (y, x) goes to (offset + y * step, offset + x * step).
struct Placement {
  std::size_t channels, height, width;  // of the source
  std::size_t to_height, to_width;
  std::size_t offset, step;
  std::size_t lanes;
};

void place_pixels(const Placement& p, const float* from, float* to) {
  std::fill_n(to, p.channels * p.to_height * p.to_width * p.lanes, 0.0F);
  for (std::size_t c = 0; c < p.channels; ++c) {
    for (std::size_t y = 0; y < p.height; ++y) {
      for (std::size_t x = 0; x < p.width; ++x, from += p.lanes) {
        const std::size_t row = c * p.to_height + p.offset + y * p.step;
        std::copy_n(from, p.lanes, to + (row * p.to_width + p.offset + x * p.step) * p.lanes);
      }
    }
  }
}

}  // namespace

kernels::ConvolutionShape convolution_shape(const network::Convolution& spec, std::size_t lanes) {
  return {.channels = as_size(spec.input.channels),
          .height = as_size(spec.input.height + 2 * spec.padding),
          .width = as_size(spec.input.width + 2 * spec.padding),
          .filters = as_size(spec.filters),
          .kernel = as_size(spec.kernel),
          .stride = as_size(spec.stride),
          .lanes = lanes};
}

ConvolutionLayer::ConvolutionLayer(const network::Op& convolution, const BatchShape& batch,
                                   const ParameterPlaces& places)
    : spec_(std::get<network::Convolution>(convolution.what)),
      activation_(convolution.activation),
      shape_(convolution_shape(spec_, batch.stride)),
      backward_({.channels = shape_.filters,
                 .height = as_size(spec_.input.height) + shape_.kernel - 1,
                 .width = as_size(spec_.input.width) + shape_.kernel - 1,
                 .filters = shape_.channels,
                 .kernel = shape_.kernel,
                 .stride = 1,
                 .lanes = batch.stride}),
      pixels_(shape_.rows() * shape_.columns()),
      index_(convolution.layer),
      weight_offset_(places.offset(convolution, network::Role::weight)),
      bias_offset_(places.offset(convolution, network::Role::bias)) {}

std::size_t ConvolutionLayer::saved_floats() const {
  return slope_floats(activation_, outputs() * shape_.lanes);
}

ConvolutionLayer::Scratch ConvolutionLayer::carve(float* scratch) const {
  Pieces pieces(scratch);
  const std::size_t weights = shape_.filters * shape_.weights_per_filter();
  Scratch s{};
  s.padded_input = pieces.take(spec_.padding > 0 ? floats_of_input(shape_) : 0);
  s.spread_gradient = pieces.take(floats_of_input(backward_));
  s.flipped_weights = pieces.take(weights + shape_.channels);
  s.row_sums = pieces.take(shape_.filters * pixels_);
  s.lane_sums = pieces.take(weights * kernels::kBatchMultiple);
  s.gradient = pieces.take(weights + shape_.filters);
  s.floats = pieces.floats();
  return s;
}

std::size_t ConvolutionLayer::scratch_floats() const {
  return carve(nullptr).floats;
}

const float* ConvolutionLayer::padded(const float* input, float* room) const {
  if (spec_.padding == 0) return input;
  place_pixels({.channels = shape_.channels,
                .height = as_size(spec_.input.height),
                .width = as_size(spec_.input.width),
                .to_height = shape_.height,
                .to_width = shape_.width,
                .offset = as_size(spec_.padding),
                .step = 1,
                .lanes = shape_.lanes},
               input, room);
  return room;
}

void ConvolutionLayer::forward(const ForwardArguments& arguments) const {
  const Scratch scratch = carve(arguments.scratch);
  const float* input = padded(arguments.input.by_feature, scratch.padded_input);
  const bool is_relu = activation_ == network::Activation::relu;  // fused into the kernel
  for (std::size_t row = 0; row < shape_.rows(); ++row) {
    kernels::convolution_row(shape_, input, row, arguments.parameters + weight_offset_,
                             arguments.parameters + bias_offset_, is_relu,
                             arguments.output + row * shape_.columns() * shape_.lanes,
                             pixels_ * shape_.lanes);
  }
  if (!is_relu) activate(arguments, scratch);
  if (arguments.unit_max == nullptr || !network::traits(activation_).can_die) return;
  for (std::size_t pixel = 0; pixel < shape_.filters * pixels_; ++pixel) {
    if (arguments.unit_max[pixel / pixels_] > 0.0F) continue;
    kernels::update_row_max(arguments.output + pixel * shape_.lanes, 1, shape_.lanes,
                            arguments.input.images, arguments.unit_max + pixel / pixels_);
  }
}

// The kernel has already added the biases.
void ConvolutionLayer::activate(const ForwardArguments& arguments, const Scratch& scratch) const {
  std::fill_n(scratch.row_sums, shape_.filters * pixels_, 0.0F);
  add_bias_and_activate(activation_, arguments.output, scratch.row_sums, arguments.saved,
                        shape_.filters * pixels_, shape_.lanes);
}

void ConvolutionLayer::backward(const BackwardArguments& arguments, GradientSink& sink) const {
  const Scratch scratch = carve(arguments.scratch);
  activation_backward(activation_, arguments.output_gradient, arguments.output, arguments.saved,
                      scratch.row_sums, shape_.filters * pixels_, shape_.lanes);
  if (arguments.input_gradient != nullptr) input_gradient(arguments, scratch);
  weight_gradient(arguments, scratch, sink);
}

// The input gradient is itself a convolution. Its input is the output gradient with pixels `stride`
// apart and surrounded by zeros; its weights are rotated by 180 degrees.
void ConvolutionLayer::input_gradient(const BackwardArguments& arguments,
                                      const Scratch& scratch) const {
  place_pixels({.channels = shape_.filters,
                .height = shape_.rows(),
                .width = shape_.columns(),
                .to_height = backward_.height,
                .to_width = backward_.width,
                .offset = shape_.kernel - 1 - as_size(spec_.padding),
                .step = shape_.stride,
                .lanes = shape_.lanes},
               arguments.output_gradient, scratch.spread_gradient);
  const float* weights = arguments.parameters + weight_offset_;
  const std::size_t taps = shape_.kernel * shape_.kernel;
  for (std::size_t f = 0; f < shape_.filters; ++f) {
    for (std::size_t c = 0; c < shape_.channels; ++c) {
      const float* from = weights + (f * shape_.channels + c) * taps;
      std::reverse_copy(from, from + taps,
                        scratch.flipped_weights + (c * shape_.filters + f) * taps);
    }
  }
  float* no_bias = scratch.flipped_weights + shape_.filters * shape_.channels * taps;
  std::fill_n(no_bias, shape_.channels, 0.0F);
  const std::size_t columns = backward_.columns();
  for (std::size_t row = 0; row < backward_.rows(); ++row) {
    kernels::convolution_row(backward_, scratch.spread_gradient, row, scratch.flipped_weights,
                             no_bias, false,
                             arguments.input_gradient + row * columns * shape_.lanes,
                             backward_.rows() * columns * shape_.lanes);
  }
}

void ConvolutionLayer::weight_gradient(const BackwardArguments& arguments, const Scratch& scratch,
                                       GradientSink& sink) const {
  const std::size_t weights = shape_.filters * shape_.weights_per_filter();
  const float* input = padded(arguments.input.by_feature, scratch.padded_input);
  std::fill_n(scratch.lane_sums, weights * kernels::kBatchMultiple, 0.0F);
  for (std::size_t row = 0; row < shape_.rows(); ++row) {
    kernels::convolution_weight_gradient_row(
        shape_, input, row, arguments.output_gradient + row * shape_.columns() * shape_.lanes,
        pixels_ * shape_.lanes, scratch.lane_sums);
  }
  kernels::sum_lanes(scratch.lane_sums, weights, scratch.gradient);
  float* biases = scratch.gradient + weights;
  for (std::size_t f = 0; f < shape_.filters; ++f) {
    double sum = 0.0;
    for (std::size_t p = 0; p < pixels_; ++p) {
      sum += static_cast<double>(scratch.row_sums[f * pixels_ + p]);
    }
    biases[f] = static_cast<float>(sum);
  }
  sink.accept(index_, weight_offset_, {scratch.gradient, weights});
  sink.accept(index_, bias_offset_, {biases, shape_.filters});
}

}  // namespace minima::engine
