#include "engine/network/network.h"

#include <algorithm>

#include "core/aligned.h"
#include "engine/layers/row_convolution_layer.h"
#include "engine/network/make_layer.h"
#include "kernels/layers/elementwise.h"
#include "network/families/lower.h"

namespace minima::engine {

BatchShape batch_shape(std::size_t images) {
  return {images, round_up(images, kernels::kBatchMultiple)};
}

Network::Network(const network::Architecture& architecture, const Problem& problem,
                 const BatchShape& batch, const NetworkOptions& options)
    : batch_(batch),
      classes_(problem.classes),
      graph_(network::graph_of(architecture, problem)),
      places_(graph_) {
  for (const network::Layer& layer : graph_.layers) {
    infos_.push_back(
        {.outputs = static_cast<std::size_t>(graph_.outputs_of(layer)),
         .units_that_can_die = static_cast<std::size_t>(graph_.units_that_can_die(layer))});
  }
  add_steps(!options.transforms_activations);
  if (options.transforms_activations) add_hooks(problem.image);
  while (graph_.layers[steps_[first_learning_].index].tensors == 0) ++first_learning_;
  lay_out_workspace();
  if (options.sizes_only) return;
  for (Step& step : steps_) step.layer->prepare();
}

// The papers' CNN has a special layer that computes both of its layers.
void Network::add_steps(bool may_join_layers) {
  if (may_join_layers && RowConvolutionLayer::fits(graph_)) {
    steps_.push_back({.layer = std::make_unique<RowConvolutionLayer>(graph_.ops[0], graph_.ops[1],
                                                                     batch_, places_),
                      .index = 0});
    return;
  }
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    steps_.push_back({.layer = make_layer(graph_, graph_.layers[i], batch_, places_), .index = i});
  }
}

// In a chain of single operations, a layer's input is the output of the layer before. Otherwise the
// inputs of linear maps are hooked; encoder blocks and embeddings hook their own.
void Network::add_hooks(const ImageShape& image) {
  const bool chain = graph_.is_chain();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const network::Layer& layer = graph_.layers[i];
    const network::Op& first = graph_.ops[layer.first_op];
    const bool linear =
        graph_.is_whole_layer(first) && std::holds_alternative<network::Linear>(first.what);
    if (chain ? i == 0 : !linear) continue;
    const std::size_t features =
        i == 0 ? static_cast<std::size_t>(image.pixels()) : steps_[i - 1].layer->outputs();
    steps_[i].hook =
        Hook{.place = {chain ? i - 1 : i, chain ? kOutputSite : kInputSite}, .features = features};
  }
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
  for (Step& step : steps_) {
    step.output_at = reserve(step.layer->outputs() * batch_.stride);
    step.saved_at = reserve(step.layer->saved_floats());
    if (step.hook) step.hook->copy_at = reserve(step.hook->features * batch_.stride);
    widest = std::max(widest, step.layer->outputs() * batch_.stride);
    scratch = std::max(scratch, step.layer->scratch_floats());
  }
  for (std::size_t& gradient : gradients_at_) gradient = reserve(widest);
  scratch_at_ = reserve(scratch);
  workspace_floats_ = at;
}

LayerInput Network::transformed(const Hook& hook, const LayerInput& x, float* workspace,
                                ActivationHook& activations) const {
  float* copy = workspace + hook.copy_at;
  std::copy_n(x.by_feature, hook.features * batch_.stride, copy);
  activations.apply(hooked(hook, x.images), copy);
  return copy_of(hook, x, workspace);
}

LayerInput Network::copy_of(const Hook& hook, const LayerInput& x, const float* workspace) {
  return {.by_feature = workspace + hook.copy_at, .by_image = nullptr, .images = x.images};
}

LayerInput Network::input_of(std::size_t step, const LayerInput& input,
                             const float* workspace) const {
  if (step == 0) return input;
  return {.by_feature = workspace + steps_[step - 1].output_at,
          .by_image = nullptr,
          .images = input.images};
}

void Network::forward(const float* parameters, const LayerInput& input, float* workspace,
                      std::span<std::vector<float>> unit_max, const DropoutKey* dropout,
                      ActivationHook* activations) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    LayerInput x = input_of(i, input, workspace);
    if (activations != nullptr && step.hook) {
      x = transformed(*step.hook, x, workspace, *activations);
    }
    step.layer->forward({.parameters = parameters,
                         .input = x,
                         .output = workspace + step.output_at,
                         .saved = workspace + step.saved_at,
                         .scratch = workspace + scratch_at_,
                         .unit_max = unit_max.empty() ? nullptr : unit_max[step.index].data(),
                         .dropout = dropout,
                         .activations = activations});
  }
}

void Network::backward(const float* parameters, const LayerInput& input, float* workspace,
                       GradientSink& sink, const DropoutKey* dropout,
                       ActivationHook* activations) const {
  float* gradient = workspace + gradients_at_[0];
  float* next_gradient = workspace + gradients_at_[1];
  for (std::size_t i = steps_.size(); i-- > first_learning_;) {
    const LayerInput original = input_of(i, input, workspace);
    const Hook* hook = activations != nullptr && steps_[i].hook ? &*steps_[i].hook : nullptr;
    steps_[i].layer->backward(
        {.parameters = parameters,
         .input = hook == nullptr ? original : copy_of(*hook, original, workspace),
         .output = workspace + steps_[i].output_at,
         .saved = workspace + steps_[i].saved_at,
         .output_gradient = gradient,
         .input_gradient = i == first_learning_ ? nullptr : next_gradient,
         .scratch = workspace + scratch_at_,
         .dropout = dropout},
        sink);
    if (hook != nullptr && i > first_learning_) {
      activations->backward(hooked(*hook, input.images), original.by_feature, next_gradient);
    }
    std::swap(gradient, next_gradient);
  }
}

}  // namespace minima::engine
