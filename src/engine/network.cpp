#include "engine/network.h"

#include <algorithm>

#include "core/aligned.h"
#include "engine/dense_layer.h"
#include "kernels/elementwise.h"

namespace minima::engine {

BatchShape batch_shape(std::size_t images) {
  return {images, round_up(images, kernels::kBatchMultiple)};
}

Network::Network(const study::Architecture& architecture, const Problem& problem,
                 const BatchShape& batch)
    : batch_(batch), classes_(problem.classes) {
  for (const study::LayerSpec& spec : study::layers_of(architecture, problem)) add_layer(spec);
  lay_out_workspace();
}

void Network::add_layer(const study::LayerSpec& spec) {
  std::vector<std::size_t> offsets;
  for (study::TensorSpec& tensor : spec.tensors()) {
    offsets.push_back(parameter_floats_);
    const auto count = static_cast<std::size_t>(tensor.count());
    const bool bias = tensor.shape.size() == 1;
    parameters_.push_back({.spec = std::move(tensor),
                           .offset = parameter_floats_,
                           .fan_in = spec.inputs,
                           .fan_out = spec.outputs,
                           .bias = bias});
    parameter_floats_ += round_up(count, kernels::kBatchMultiple);
  }
  layers_.push_back(
      std::make_unique<DenseLayer>(spec, batch_, layers_.size(), offsets[0], offsets[1]));
}

void Network::lay_out_workspace() {
  std::size_t at = 0;
  const auto reserve = [&at](std::size_t floats) {
    const std::size_t begin = at;
    at += round_up(floats, kAlignment);
    return begin;
  };
  std::size_t widest = 0;
  std::size_t scratch = 0;
  for (const auto& layer : layers_) {
    outputs_at_.push_back(reserve(layer->outputs() * batch_.stride));
    widest = std::max(widest, layer->outputs() * batch_.stride);
    scratch = std::max(scratch, layer->scratch_floats());
  }
  for (std::size_t& gradient : gradients_at_) gradient = reserve(widest);
  scratch_at_ = reserve(scratch);
  workspace_floats_ = at;
}

void Network::forward(const float* parameters, const LayerInput& input, float* workspace) const {
  LayerInput x = input;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    layers_[i]->forward(parameters, x, output(workspace, i));
    x = {.by_feature = output(workspace, i), .by_image = nullptr, .images = input.images};
  }
}

void Network::backward(const float* parameters, const LayerInput& input, float* workspace,
                       GradientSink& sink) const {
  float* gradient = workspace + gradients_at_[0];
  float* next_gradient = workspace + gradients_at_[1];
  for (std::size_t i = layers_.size(); i-- > 0;) {
    const bool first = i == 0;
    const LayerInput x = first ? input
                               : LayerInput{.by_feature = output(workspace, i - 1),
                                            .by_image = nullptr,
                                            .images = input.images};
    layers_[i]->backward({.parameters = parameters,
                          .input = x,
                          .output = output(workspace, i),
                          .output_gradient = gradient,
                          .input_gradient = first ? nullptr : next_gradient,
                          .scratch = workspace + scratch_at_},
                         sink);
    std::swap(gradient, next_gradient);
  }
}

}  // namespace minima::engine
