// Translates each operation of a network to ONNX operators. Features of images have the shape
// [batch][...], features of tokens [batch][tokens][width].
#include <cmath>
#include <stdexcept>

#include "deploy/onnx/onnx_export.h"
#include "deploy/onnx/onnx_graph.h"
#include "network/families/lower.h"

namespace minima::deploy {
namespace {

using network::Op;
using network::Role;
using Shape = OnnxGraph::Shape;

/// A tensor of the ONNX graph.
struct Value {
  std::string name;
  bool of_tokens = false;
};

class FloatModel {
 public:
  FloatModel(network::Graph network, std::span<const float> values, const Provenance& provenance)
      : network_(std::move(network)), values_(values), provenance_(provenance) {
    if (static_cast<std::int64_t>(values.size()) != network_.parameters()) {
      throw std::invalid_argument("values and parameters differ in number");
    }
  }

  std::string write();

 private:
  [[nodiscard]] Value image();
  [[nodiscard]] Value outputs_of(const Op& op);
  [[nodiscard]] std::string activated(network::Activation activation, const std::string& x);

  // One function for each kind of operation.
  [[nodiscard]] Value add(const Op& op, const network::Linear& linear);
  [[nodiscard]] Value add(const Op& op, const network::Convolution& convolution);
  [[nodiscard]] Value add(const Op& op, const network::Pooling& pooling);
  [[nodiscard]] Value add(const Op& op, const network::Patches& patches);
  [[nodiscard]] Value add(const Op& op, const network::ClassToken& token);
  [[nodiscard]] Value add(const Op& op, const network::Positions& positions);
  [[nodiscard]] Value add(const Op& op, const network::LayerNorm& norm);
  [[nodiscard]] Value add(const Op& op, const network::Attention& attention);
  [[nodiscard]] Value add(const Op& op, const network::Add& sum);
  [[nodiscard]] Value add(const Op& op, const network::TokenPooling& pooling);

  [[nodiscard]] const Value& input_of(const Op& op, std::size_t number = 0) const {
    return outputs_.at(static_cast<std::size_t>(op.inputs.at(number) + 1));
  }
  /// The input as tokens [batch][tokens][width], converted from any shape.
  [[nodiscard]] std::string tokens_of(const Op& op, std::size_t number, int tokens, int width);
  [[nodiscard]] const network::Tensor& tensor(const Op& op, Role role) const {
    return network_.tensors[network_.tensor_of(op, role)];
  }
  [[nodiscard]] std::string constant(const Op& op, Role role, const Shape& shape = {});
  /// The transposed weight W^T of y = x W^T.
  [[nodiscard]] std::string transposed_weight(const Op& op);
  [[nodiscard]] std::string number(float value);
  [[nodiscard]] std::string reshaped(const std::string& x, const Shape& shape);
  [[nodiscard]] std::string flat(const std::string& x);

  network::Graph network_;
  std::span<const float> values_;
  const Provenance& provenance_;
  OnnxGraph graph_;
  std::vector<Value> outputs_;  // the image, then the output of each operation
  int numbers_ = 0;
};

std::string FloatModel::constant(const Op& op, Role role, const Shape& shape) {
  const network::Tensor& from = tensor(op, role);
  return graph_.add_floats(from.spec.name, shape.empty() ? from.spec.shape : shape,
                           from.of(values_));
}

std::string FloatModel::transposed_weight(const Op& op) {
  const network::Tensor& weight = tensor(op, Role::weight);
  const std::span<const float> values = weight.of(values_);
  const std::size_t outputs = weight.rows();
  const std::size_t inputs = weight.columns();
  std::vector<float> transposed(values.size());
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t i = 0; i < inputs; ++i) transposed[i * outputs + o] = values[o * inputs + i];
  }
  return graph_.add_floats(weight.spec.name + ".transposed",
                           {static_cast<std::int64_t>(inputs), static_cast<std::int64_t>(outputs)},
                           transposed);
}

std::string FloatModel::number(float value) {
  return graph_.add_floats("number" + std::to_string(++numbers_), {}, {&value, 1});
}

std::string FloatModel::reshaped(const std::string& x, const Shape& shape) {
  return graph_.add("Reshape",
                    {x, graph_.add_integers("shape" + std::to_string(++numbers_), shape)});
}

std::string FloatModel::flat(const std::string& x) {
  return graph_.add("Flatten", {x}, {{"axis", std::int64_t{1}}});
}

std::string FloatModel::tokens_of(const Op& op, std::size_t number, int tokens, int width) {
  Value& value = outputs_.at(static_cast<std::size_t>(op.inputs.at(number) + 1));
  if (!value.of_tokens) value = {reshaped(value.name, {0, tokens, width}), true};
  return value.name;
}

Value FloatModel::image() {
  const ImageShape& image = provenance_.problem.image;
  const Shape per_channel{image.channels, 1, 1};
  std::string x =
      graph_.add("Cast", {graph_.add_image({image.channels, image.height, image.width})},
                 {{"to", OnnxGraph::float_type()}});
  const engine::PixelScaling& scaling = provenance_.scaling;
  x = graph_.add("Mul", {x, graph_.add_floats("pixel_scale", per_channel, scaling.scale)});
  return {graph_.add("Add", {x, graph_.add_floats("pixel_shift", per_channel, scaling.shift)})};
}

std::string FloatModel::activated(network::Activation activation, const std::string& x) {
  switch (activation) {
    case network::Activation::none:
      return x;
    case network::Activation::relu:
      return graph_.add("Relu", {x});
    case network::Activation::gelu:
      break;
  }
  const std::string scaled = graph_.add("Mul", {x, number(std::sqrt(0.5F))});
  const std::string gate = graph_.add("Add", {graph_.add("Erf", {scaled}), number(1.0F)});
  return graph_.add("Mul", {graph_.add("Mul", {x, number(0.5F)}), gate});
}

Value FloatModel::add(const Op& op, const network::Linear& linear) {
  if (!network_.is_whole_layer(op)) {
    const std::string x = tokens_of(op, 0, linear.tokens, linear.inputs);
    const std::string product = graph_.add("MatMul", {x, transposed_weight(op)});
    return {graph_.add("Add", {product, constant(op, Role::bias)}), true};
  }
  return {graph_.add(
      "Gemm", {flat(input_of(op).name), constant(op, Role::weight), constant(op, Role::bias)},
      {{"transB", std::int64_t{1}}})};
}

Value FloatModel::add(const Op& op, const network::Convolution& convolution) {
  const std::int64_t pad = convolution.padding;
  return {graph_.add("Conv",
                     {input_of(op).name, constant(op, Role::weight), constant(op, Role::bias)},
                     {{"kernel_shape", Shape{convolution.kernel, convolution.kernel}},
                      {"strides", Shape{convolution.stride, convolution.stride}},
                      {"pads", Shape{pad, pad, pad, pad}}})};
}

Value FloatModel::add(const Op& op, const network::Pooling& pooling) {
  using Kind = network::Pooling::Kind;
  const std::string& x = input_of(op).name;
  if (pooling.kind == Kind::global_average) return {graph_.add("GlobalAveragePool", {x})};
  return {graph_.add(pooling.kind == Kind::max ? "MaxPool" : "AveragePool", {x},
                     {{"kernel_shape", Shape{2, 2}}, {"strides", Shape{2, 2}}})};
}

Value FloatModel::add(const Op& op, const network::Patches& patches) {
  const ImageShape& image = patches.input;
  const std::string cut =
      reshaped(input_of(op).name, {0, image.channels, image.height / patches.height, patches.height,
                                   image.width / patches.width, patches.width});
  const std::string by_patch = graph_.add("Transpose", {cut}, {{"perm", Shape{0, 2, 4, 1, 3, 5}}});
  return {reshaped(by_patch, {0, patches.tokens(), patches.values()}), true};
}

Value FloatModel::add(const Op& op, const network::ClassToken& token) {
  const std::string& x = input_of(op).name;
  const std::int64_t zero = 0;
  const std::int64_t rest[] = {1, token.width};
  const std::string batch =
      graph_.add("Gather", {graph_.add("Shape", {x}), graph_.add_integers("first", {&zero, 1})});
  const std::string shape = graph_.add("Concat", {batch, graph_.add_integers("token_shape", rest)},
                                       {{"axis", std::int64_t{0}}});
  const std::string repeated =
      graph_.add("Expand", {constant(op, Role::class_token, {1, 1, token.width}), shape});
  return {graph_.add("Concat", {repeated, x}, {{"axis", std::int64_t{1}}}), true};
}

Value FloatModel::add(const Op& op, const network::Positions& /*positions*/) {
  return {graph_.add("Add", {input_of(op).name, constant(op, Role::position)}), true};
}

Value FloatModel::add(const Op& op, const network::LayerNorm& norm) {
  const std::string x = tokens_of(op, 0, norm.tokens, norm.width);
  return {
      graph_.add("LayerNormalization", {x, constant(op, Role::scale), constant(op, Role::shift)},
                 {{"axis", std::int64_t{-1}}, {"epsilon", 1e-5F}}),
      true};
}

Value FloatModel::add(const Op& op, const network::Attention& attention) {
  const std::int64_t width = attention.head_width;
  const auto heads = [&](std::size_t input, const Shape& order) {
    const std::string x = tokens_of(op, input, attention.tokens, attention.width());
    return graph_.add("Transpose", {reshaped(x, {0, attention.tokens, attention.heads, width})},
                      {{"perm", order}});
  };
  const std::string queries = heads(0, {0, 2, 1, 3});
  const std::string keys = heads(1, {0, 2, 3, 1});
  const std::string values = heads(2, {0, 2, 1, 3});
  const std::string scores = graph_.add(
      "Mul",
      {graph_.add("MatMul", {queries, keys}), number(1.0F / std::sqrt(static_cast<float>(width)))});
  const std::string shares = graph_.add("Softmax", {scores}, {{"axis", std::int64_t{-1}}});
  const std::string attended = graph_.add("Transpose", {graph_.add("MatMul", {shares, values})},
                                          {{"perm", Shape{0, 2, 1, 3}}});
  return {reshaped(attended, {0, attention.tokens, attention.width()}), true};
}

Value FloatModel::add(const Op& op, const network::Add& sum) {
  const std::string x = tokens_of(op, 0, sum.tokens, sum.width);
  return {graph_.add("Add", {x, tokens_of(op, 1, sum.tokens, sum.width)}), true};
}

Value FloatModel::add(const Op& op, const network::TokenPooling& pooling) {
  const std::string x = tokens_of(op, 0, pooling.tokens, pooling.width);
  if (pooling.kind == network::TokenPooling::Kind::first) {
    const std::int64_t zero = 0;
    const std::string first = graph_.add_integers("first_token", {&zero, 1});
    return {flat(graph_.add("Gather", {x, first}, {{"axis", std::int64_t{1}}}))};
  }
  return {graph_.add("ReduceMean", {x}, {{"axes", Shape{1}}, {"keepdims", std::int64_t{0}}})};
}

Value FloatModel::outputs_of(const Op& op) {
  Value value = std::visit([&](const auto& what) { return add(op, what); }, op.what);
  value.name = activated(op.activation, value.name);
  return value;
}

std::string FloatModel::write() {
  outputs_.push_back(image());
  for (const Op& op : network_.ops) outputs_.push_back(outputs_of(op));
  return graph_.model(outputs_.back().name, provenance_.problem.classes, facts_of(provenance_));
}

}  // namespace

std::string onnx_of_floats(const network::Architecture& architecture, std::span<const float> values,
                           const Provenance& provenance) {
  return FloatModel(network::graph_of(architecture, provenance.problem), values, provenance)
      .write();
}

}  // namespace minima::deploy
