#include "engine/layers/pooling_layer.h"

namespace minima::engine {

using PoolingKind = network::Pooling::Kind;

PoolingLayer::PoolingLayer(const network::Pooling& pooling, const BatchShape& batch)
    : kind_(pooling.kind),
      shape_({.channels = static_cast<std::size_t>(pooling.input.channels),
              .height = static_cast<std::size_t>(pooling.input.height),
              .width = static_cast<std::size_t>(pooling.input.width),
              .lanes = batch.stride}),
      outputs_(static_cast<std::size_t>(pooling.output().pixels())) {}

void PoolingLayer::forward(const ForwardArguments& arguments) const {
  const float* input = arguments.input.by_feature;
  switch (kind_) {
    case PoolingKind::max:
      return kernels::max_pool(shape_, input, arguments.output);
    case PoolingKind::average:
      return kernels::average_pool(shape_, input, arguments.output);
    case PoolingKind::global_average:
      return kernels::global_average_pool(shape_, input, arguments.output);
  }
}

void PoolingLayer::backward(const BackwardArguments& arguments, GradientSink& /*sink*/) const {
  if (arguments.input_gradient == nullptr) return;
  const float* gradient = arguments.output_gradient;
  switch (kind_) {
    case PoolingKind::max:
      return kernels::max_pool_backward(shape_, arguments.input.by_feature, arguments.output,
                                        gradient, arguments.input_gradient);
    case PoolingKind::average:
      return kernels::average_pool_backward(shape_, gradient, arguments.input_gradient);
    case PoolingKind::global_average:
      return kernels::global_average_pool_backward(shape_, gradient, arguments.input_gradient);
  }
}

}  // namespace minima::engine
