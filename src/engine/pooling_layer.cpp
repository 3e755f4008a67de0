#include "engine/pooling_layer.h"

namespace minima::engine {

using Kind = study::PoolingSpec::Kind;

PoolingLayer::PoolingLayer(const study::PoolingSpec& spec, const BatchShape& batch)
    : kind_(spec.kind),
      shape_({.channels = static_cast<std::size_t>(spec.input.channels),
              .height = static_cast<std::size_t>(spec.input.height),
              .width = static_cast<std::size_t>(spec.input.width),
              .lanes = batch.stride}),
      outputs_(static_cast<std::size_t>(spec.output().pixels())) {}

void PoolingLayer::forward(const ForwardArguments& arguments) const {
  const float* input = arguments.input.by_feature;
  switch (kind_) {
    case Kind::max:
      return kernels::max_pool(shape_, input, arguments.output);
    case Kind::average:
      return kernels::average_pool(shape_, input, arguments.output);
    case Kind::global_average:
      return kernels::global_average_pool(shape_, input, arguments.output);
  }
}

void PoolingLayer::backward(const BackwardArguments& arguments, GradientSink& /*sink*/) const {
  if (arguments.input_gradient == nullptr) return;
  const float* gradient = arguments.output_gradient;
  switch (kind_) {
    case Kind::max:
      return kernels::max_pool_backward(shape_, arguments.input.by_feature, arguments.output,
                                        gradient, arguments.input_gradient);
    case Kind::average:
      return kernels::average_pool_backward(shape_, gradient, arguments.input_gradient);
    case Kind::global_average:
      return kernels::global_average_pool_backward(shape_, gradient, arguments.input_gradient);
  }
}

}  // namespace minima::engine
