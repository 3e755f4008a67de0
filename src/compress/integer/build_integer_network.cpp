#include "compress/integer/build_integer_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "compress/integer/integer_layer_builder.h"
#include "compress/quantize/activation_quantizer.h"
#include "network/families/lower.h"

namespace minima::compress {
namespace {

using Refusal = IntegerBuild::Refusal;

void check_formats(const IntegerSettings& settings) {
  const FormatInfo& weights = info(settings.weights.format);
  if (weights.kind == FormatKind::floating) {
    throw Refused{Refusal::weight_format,
                  fmt::format("the weights of {} are not integers", weights.name)};
  }
  if (settings.weights.format == NumberFormat::int16 &&
      settings.weights.canonical().scheme == Scheme::affine) {
    throw Refused{Refusal::weight_format, "affine int16 weights do not fit 16 bits once centred"};
  }
  if (largest_activation_code(settings.activations) == 0) {
    throw Refused{Refusal::activation_format,
                  fmt::format("activations cannot be {}", info(settings.activations).name)};
  }
}

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

LayerParameters parameters_of(const network::Graph& graph, const network::Op& op,
                              const TrainedNetwork& trained) {
  if (op.units() == 0) return {};
  const network::Tensor& weight = graph.tensors[graph.tensor_of(op, network::Role::weight)];
  const network::Tensor& bias = graph.tensors[graph.tensor_of(op, network::Role::bias)];
  LayerParameters result{.weights = weight.of(trained.parameters),
                         .biases = bias.of(trained.parameters)};
  if (!trained.mask.empty()) result.mask = weight.of(trained.mask);
  return result;
}

IntegerNetwork build(const TrainedNetwork& trained, std::span<const Range> ranges,
                     const IntegerSettings& settings) {
  check_formats(settings);
  if (!all_finite(trained.parameters)) {
    throw Refused{Refusal::not_finite, "a parameter is not finite"};
  }
  const network::Graph graph = network::graph_of(trained.architecture, trained.problem);
  check_sizes(graph, trained.parameters.size(), trained.mask);
  const auto channels = static_cast<std::size_t>(trained.problem.image.channels);
  if (ranges.size() != graph.layers.size() || trained.pixel_scale.size() != channels ||
      trained.pixel_shift.size() != channels) {
    throw std::invalid_argument("ranges or pixel scales do not fit the architecture");
  }
  if (!graph.is_chain()) {
    throw Refused{Refusal::family, fmt::format("{}: no integer arithmetic for vision transformers",
                                               graph.layers.front().name)};
  }
  IntegerNetwork network{.problem = trained.problem,
                         .weights = settings.weights.canonical(),
                         .activations = settings.activations};
  Activations activations = pixels(trained);
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    LayerBuilder builder(settings, activations, parameters_of(graph, graph.ops[i], trained),
                         ranges[i]);
    network.layers.push_back(
        builder.build(graph.layers[i].name, graph.ops[i], i + 1 == graph.layers.size()));
    activations = builder.outputs();
  }
  return network;
}

}  // namespace

IntegerBuild build_integer_network(const TrainedNetwork& trained,
                                   std::span<const Range> output_ranges,
                                   const IntegerSettings& settings) {
  try {
    return {.network = build(trained, output_ranges, settings)};
  } catch (const Refused& refused) {
    return {.refusal = refused.refusal, .reason = refused.reason};
  }
}

}  // namespace minima::compress
