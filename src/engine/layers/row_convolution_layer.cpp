#include "engine/layers/row_convolution_layer.h"

#include <algorithm>

#include "engine/layers/convolution_layer.h"
#include "engine/layers/sizes.h"
#include "engine/layers/workspace_pieces.h"
#include "kernels/layers/elementwise.h"
#include "kernels/vector/transpose.h"

namespace minima::engine {
namespace {

// Up to this many floats of activations are kept for the backward pass: 1 MB of the L2 cache.
constexpr std::size_t kKeptFloats = 256 * 1024;

}  // namespace

bool RowConvolutionLayer::fits(const network::Graph& graph) {
  using network::Activation;
  if (graph.ops.size() != 2 || !graph.is_chain()) return false;
  const auto* convolution = std::get_if<network::Convolution>(&graph.ops[0].what);
  return convolution != nullptr && convolution->padding == 0 &&
         graph.ops[0].activation == Activation::relu &&
         std::holds_alternative<network::Linear>(graph.ops[1].what) &&
         graph.ops[1].activation == Activation::none;
}

RowConvolutionLayer::RowConvolutionLayer(const network::Op& convolution, const network::Op& dense,
                                         const BatchShape& batch, const ParameterPlaces& places)
    : shape_(convolution_shape(std::get<network::Convolution>(convolution.what), batch.stride)),
      classes_(static_cast<std::size_t>(dense.units())),
      row_floats_(shape_.filters * shape_.columns() * shape_.lanes),
      features_(static_cast<std::size_t>(std::get<network::Linear>(dense.what).inputs)),
      batch_(batch),
      place_(convolution, places),
      dense_place_(dense, places) {}

void RowConvolutionLayer::prepare() {
  const int lanes = as_int(shape_.lanes);
  const int classes = as_int(classes_);
  const int features = as_int(features_);
  const int columns = as_int(shape_.columns());
  logits_ = kernels::Gemm({.m = lanes,
                           .n = classes,
                           .k = columns,
                           .lda = lanes,
                           .ldb = features,
                           .ldc = lanes,
                           .accumulate = true});
  row_gradient_ = kernels::Gemm({.m = lanes,
                                 .n = columns,
                                 .k = classes,
                                 .lda = lanes,
                                 .ldb = features,
                                 .ldc = lanes,
                                 .transpose_b = true});
  kernels::GemmShape weights{.m = classes,
                             .n = columns,
                             .k = as_int(batch_.images),
                             .lda = classes,
                             .ldb = lanes,
                             .ldc = classes};
  dense_full_ = kernels::Gemm(weights);
  weights.k = lanes;
  dense_partial_ = kernels::Gemm(weights);
}

bool RowConvolutionLayer::keeps_rows() const {
  return shape_.rows() * row_floats_ <= kKeptFloats;
}

std::size_t RowConvolutionLayer::saved_floats() const {
  return keeps_rows() ? shape_.rows() * row_floats_ : 0;
}

RowConvolutionLayer::Scratch RowConvolutionLayer::carve(float* scratch) const {
  Pieces pieces(scratch);
  const std::size_t weights = shape_.filters * shape_.weights_per_filter();
  Scratch s{};
  s.row = pieces.take(row_floats_);
  s.row_gradient = pieces.take(row_floats_);
  s.row_sums = pieces.take(shape_.filters * shape_.columns());
  s.logits_by_image = pieces.take(shape_.lanes * classes_);
  s.dense_gradient = pieces.take(features_ * classes_);
  s.transposed_gradient = pieces.take(features_ * classes_);
  s.lane_sums = pieces.take(weights * kernels::kBatchMultiple);
  s.gradient = pieces.take(weights + shape_.filters + classes_);
  s.floats = pieces.floats();
  return s;
}

std::size_t RowConvolutionLayer::scratch_floats() const {
  return carve(nullptr).floats;
}

void RowConvolutionLayer::compute_row(const float* parameters, const LayerInput& input,
                                      std::size_t row, float* activations) const {
  kernels::convolution_row(shape_, input.by_feature, row, parameters + place_.weight,
                           parameters + place_.bias, true, activations,
                           shape_.columns() * shape_.lanes);
}

void RowConvolutionLayer::forward(const ForwardArguments& arguments) const {
  const std::size_t columns = shape_.columns();
  const float* dense = arguments.parameters + dense_place_.weight;
  std::fill_n(arguments.output, classes_ * shape_.lanes, 0.0F);
  for (std::size_t row = 0; row < shape_.rows(); ++row) {
    float* activations =
        keeps_rows() ? arguments.saved + row * row_floats_ : carve(arguments.scratch).row;
    compute_row(arguments.parameters, arguments.input, row, activations);
    for (std::size_t f = 0; f < shape_.filters; ++f) {
      const float* channel = activations + f * columns * shape_.lanes;
      logits_(channel, dense + (f * shape_.rows() + row) * columns, arguments.output);
      if (arguments.unit_max == nullptr) continue;
      for (std::size_t x = 0; x < columns && arguments.unit_max[f] <= 0.0F; ++x) {
        kernels::update_row_max(channel + x * shape_.lanes, 1, shape_.lanes, arguments.input.images,
                                arguments.unit_max + f);
      }
    }
  }
  kernels::add_bias(arguments.output, arguments.parameters + dense_place_.bias, classes_,
                    shape_.lanes, false);
}

void RowConvolutionLayer::backward(const BackwardArguments& arguments, GradientSink& sink) const {
  const Scratch scratch = carve(arguments.scratch);
  const std::size_t weights = shape_.filters * shape_.weights_per_filter();
  float* biases = scratch.gradient + weights;
  kernels::activation_backward(arguments.output_gradient, nullptr, biases + shape_.filters,
                               classes_, shape_.lanes);
  kernels::transpose(arguments.output_gradient, classes_, shape_.lanes, shape_.lanes,
                     scratch.logits_by_image, classes_);
  std::fill_n(scratch.lane_sums, weights * kernels::kBatchMultiple, 0.0F);
  std::fill_n(biases, shape_.filters, 0.0F);
  for (std::size_t row = 0; row < shape_.rows(); ++row) {
    const float* activations = arguments.saved + row * row_floats_;
    if (!keeps_rows()) {
      compute_row(arguments.parameters, arguments.input, row, scratch.row);
      activations = scratch.row;
    }
    backward_row(arguments, scratch, row, activations);
  }
  kernels::sum_lanes(scratch.lane_sums, weights, scratch.gradient);
  dispatch(scratch, sink);
}

void RowConvolutionLayer::backward_row(const BackwardArguments& arguments, const Scratch& scratch,
                                       std::size_t row, const float* activations) const {
  const std::size_t columns = shape_.columns();
  const float* dense = arguments.parameters + dense_place_.weight;
  const bool full = arguments.input.images == batch_.images;
  for (std::size_t f = 0; f < shape_.filters; ++f) {
    const std::size_t feature = (f * shape_.rows() + row) * columns;
    const std::size_t channel = f * columns * shape_.lanes;
    row_gradient_(arguments.output_gradient, dense + feature, scratch.row_gradient + channel);
    (full ? dense_full_ : dense_partial_)(scratch.logits_by_image, activations + channel,
                                          scratch.dense_gradient + feature * classes_);
  }
  kernels::activation_backward(scratch.row_gradient, activations, scratch.row_sums,
                               shape_.filters * columns, shape_.lanes);
  float* biases = scratch.gradient + shape_.filters * shape_.weights_per_filter();
  for (std::size_t i = 0; i < shape_.filters * columns; ++i) {
    biases[i / columns] += scratch.row_sums[i];
  }
  kernels::convolution_weight_gradient_row(shape_, arguments.input.by_feature, row,
                                           scratch.row_gradient, columns * shape_.lanes,
                                           scratch.lane_sums);
}

void RowConvolutionLayer::dispatch(const Scratch& scratch, GradientSink& sink) const {
  const std::size_t weights = shape_.filters * shape_.weights_per_filter();
  const float* biases = scratch.gradient + weights;
  sink.accept(place_.index, place_.weight, {scratch.gradient, weights});
  sink.accept(place_.index, place_.bias, {biases, shape_.filters});
  kernels::transpose(scratch.dense_gradient, features_, classes_, classes_,
                     scratch.transposed_gradient, features_);
  sink.accept(dense_place_.index, dense_place_.weight,
              {scratch.transposed_gradient, features_ * classes_});
  sink.accept(dense_place_.index, dense_place_.bias, {biases + shape_.filters, classes_});
}

}  // namespace minima::engine
