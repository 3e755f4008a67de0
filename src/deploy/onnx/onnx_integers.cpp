// Exports integer networks with QuantizeLinear and DequantizeLinear.
#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "deploy/onnx/onnx_export.h"
#include "deploy/onnx/onnx_graph.h"

namespace minima::deploy {
namespace {

using compress::IntegerLayer;
using compress::IntegerNetwork;
using Shape = OnnxGraph::Shape;

constexpr int kMostBits = 8;
constexpr std::int32_t kLargestCode = 255;

class IntegerModel {
 public:
  IntegerModel(const IntegerNetwork& network, const Provenance& provenance)
      : network_(network), provenance_(provenance) {}

  std::string write() {
    const ImageShape& image = network_.problem.image;
    x_ = graph_.add_image({image.channels, image.height, image.width});
    scale_ = network_.layers.front().reals.input_scale;
    dequantize();
    for (const IntegerLayer& layer : network_.layers) add(layer);
    return graph_.model(x_, network_.problem.classes, facts_of(provenance_));
  }

 private:
  void add(const IntegerLayer& layer);
  void add_products(const IntegerLayer& layer);
  void add_pooling(const IntegerLayer& layer);
  std::string weights(const IntegerLayer& layer);
  std::string biases(const IntegerLayer& layer);
  /// Clamps to the codes of the format and rounds to them.
  void quantize(const IntegerLayer& layer);
  void dequantize() { x_ = graph_.add("DequantizeLinear", {x_, number(scale_), zero()}); }
  std::string number(double value) {
    const auto real = static_cast<float>(value);
    return graph_.add_floats(fmt::format("number{}", ++numbers_), {}, {&real, 1});
  }
  std::string zero() {
    const std::int32_t none = 0;
    return graph_.add_uint8(fmt::format("zero{}", ++numbers_), {}, {&none, 1});
  }

  const IntegerNetwork& network_;
  const Provenance& provenance_;
  OnnxGraph graph_;
  std::string x_;
  double scale_ = 1.0;  // scale of the codes in x_
  int numbers_ = 0;
};

std::string IntegerModel::weights(const IntegerLayer& layer) {
  const bool affine = network_.weights.canonical().scheme == compress::Scheme::affine;
  const auto outputs = static_cast<std::int64_t>(layer.outputs());
  Shape shape{outputs, static_cast<std::int64_t>(layer.weights_per_output())};
  if (layer.kind == IntegerLayer::Kind::convolution) {
    shape = {outputs, layer.input.channels, layer.window_height, layer.window_width};
  }
  std::vector<std::int32_t> codes(layer.weights.begin(), layer.weights.end());
  for (std::size_t i = 0; affine && i < codes.size(); ++i) {
    codes[i] += layer.weight_zero_points[i / layer.weights_per_output()];
  }
  const auto& scales = layer.reals.weight_scales;
  const std::vector<float> reals(scales.begin(), scales.end());
  const std::vector<std::int32_t> none(layer.outputs(), 0);
  const std::string name = layer.name + ".weight";
  const auto add = [&](const std::string& part, const Shape& size,
                       const std::vector<std::int32_t>& values) {
    return affine ? graph_.add_uint8(name + part, size, values)
                  : graph_.add_int8(name + part, size, values);
  };
  return graph_.add("DequantizeLinear",
                    {add("", shape, codes), graph_.add_floats(name + ".scale", {outputs}, reals),
                     add(".zero", {outputs}, affine ? layer.weight_zero_points : none)},
                    {{"axis", std::int64_t{0}}});
}

std::string IntegerModel::biases(const IntegerLayer& layer) {
  const auto outputs = static_cast<std::int64_t>(layer.outputs());
  std::vector<float> scales;
  for (const double scale : layer.reals.weight_scales) {
    scales.push_back(static_cast<float>(scale * layer.reals.input_scale));
  }
  return graph_.add("DequantizeLinear",
                    {graph_.add_int32(layer.name + ".bias", {outputs}, layer.biases),
                     graph_.add_floats(layer.name + ".bias.scale", {outputs}, scales)},
                    {{"axis", std::int64_t{0}}});
}

void IntegerModel::quantize(const IntegerLayer& layer) {
  scale_ = layer.reals.output_scale;
  if (layer.output_high < kLargestCode) {
    x_ = graph_.add("Clip", {x_, number(0.0), number(scale_ * layer.output_high)});
  }
  x_ = graph_.add("QuantizeLinear", {x_, number(scale_), zero()});
  dequantize();
}

void IntegerModel::add_products(const IntegerLayer& layer) {
  if (layer.kind == IntegerLayer::Kind::dense) {
    x_ = graph_.add(
        "Gemm",
        {graph_.add("Flatten", {x_}, {{"axis", std::int64_t{1}}}), weights(layer), biases(layer)},
        {{"transB", std::int64_t{1}}});
  } else {
    const auto is_zero = [](std::int16_t code) { return code == 0; };
    if (!std::ranges::all_of(layer.padding_codes, is_zero)) {
      throw input_error({"--format onnx", ""},
                        fmt::format("{}: padding that is not the code 0 (of pixels that are "
                                    "shifted) cannot be written",
                                    layer.name),
                        "use --format c, or a variant of floats");
    }
    const std::int64_t pad = layer.padding;
    x_ = graph_.add("Conv", {x_, weights(layer), biases(layer)},
                    {{"kernel_shape", Shape{layer.window_height, layer.window_width}},
                     {"strides", Shape{layer.stride, layer.stride}},
                     {"pads", Shape{pad, pad, pad, pad}}});
  }
  if (layer.is_output) return;
  x_ = graph_.add("Relu", {x_});
  quantize(layer);
}

void IntegerModel::add_pooling(const IntegerLayer& layer) {
  const bool max = layer.kind == IntegerLayer::Kind::max_pool;
  x_ = graph_.add(max ? "MaxPool" : "AveragePool", {x_},
                  {{"kernel_shape", Shape{layer.window_height, layer.window_width}},
                   {"strides", Shape{layer.stride, layer.stride}}});
  if (!max) quantize(layer);
}

void IntegerModel::add(const IntegerLayer& layer) {
  if (layer.has_weights()) {
    add_products(layer);
  } else {
    add_pooling(layer);
  }
}

}  // namespace

std::string onnx_of_integers(const IntegerNetwork& network, const Provenance& provenance) {
  const int weight_bits = study::info(network.weights.format).bits;
  const int activation_bits = study::info(network.activations).bits;
  if (weight_bits > kMostBits || activation_bits > kMostBits) {
    throw input_error({"--format onnx", ""}, "ONNX 1.12 supports codes of 8 bits only",
                      "choose a variant of at most 8 bits, or --format c");
  }
  return IntegerModel(network, provenance).write();
}

}  // namespace minima::deploy
