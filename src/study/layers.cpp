#include "study/layers.h"

#include <fmt/format.h>

namespace minima::study {
namespace {

std::vector<LayerSpec> layers(const Dnn& dnn, const Problem& problem) {
  std::vector<LayerSpec> specs;
  int inputs = problem.image.pixels();
  const auto add = [&](int outputs, bool relu) {
    specs.push_back({.name = fmt::format("fc{}", specs.size() + 1),
                     .inputs = inputs,
                     .outputs = outputs,
                     .relu = relu});
    inputs = outputs;
  };
  for (const int width : dnn.hidden) add(width, true);
  add(problem.classes, false);
  return specs;
}

std::int64_t connections(const LayerSpec& layer) {
  return std::int64_t{layer.inputs} * layer.outputs;
}

}  // namespace

std::int64_t TensorSpec::count() const {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) product *= size;
  return product;
}

std::vector<TensorSpec> LayerSpec::tensors() const {
  return {{name + ".weight", {outputs, inputs}}, {name + ".bias", {outputs}}};
}

std::vector<LayerSpec> layers_of(const Architecture& architecture, const Problem& problem) {
  return std::visit([&](const auto& shape) { return layers(shape, problem); },
                    architecture.shape());
}

std::int64_t parameter_count(const Architecture& architecture, const Problem& problem) {
  std::int64_t parameters = 0;
  for (const LayerSpec& layer : layers_of(architecture, problem)) {
    parameters += connections(layer) + layer.outputs;
  }
  return parameters;
}

std::int64_t training_flop(const Architecture& architecture, const Problem& problem) {
  std::int64_t flop = 0;
  for (const LayerSpec& layer : layers_of(architecture, problem)) {
    flop += (flop == 0 ? 4 : 6) * connections(layer);
  }
  return flop;
}

std::int64_t inference_flop(const Architecture& architecture, const Problem& problem) {
  std::int64_t flop = 0;
  for (const LayerSpec& layer : layers_of(architecture, problem)) flop += 2 * connections(layer);
  return flop;
}

}  // namespace minima::study
