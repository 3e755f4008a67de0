// Layers of study/layers.h as operators of ONNX.
#include <cmath>
#include <map>
#include <stdexcept>

#include "deploy/onnx_export.h"
#include "deploy/onnx_graph.h"
#include "study/layers.h"

namespace minima::deploy {
namespace {

using Shape = OnnxGraph::Shape;

class FloatModel {
 public:
  FloatModel(std::span<const float> values, const Provenance& provenance)
      : values_(values), provenance_(provenance) {}

  std::string write(const std::vector<study::LayerSpec>& layers);

 private:
  struct Tensor {
    study::TensorSpec spec;
    std::span<const float> values;
  };

  void read(const study::LayerSpec& layer);
  void add_image();
  void add(const study::DenseSpec& spec);
  void add(const study::ConvolutionSpec& spec);
  void add(const study::PoolingSpec& spec);
  void add(const study::EmbeddingSpec& spec);
  void add(const study::EncoderSpec& spec);
  void add(const study::TokenPoolSpec& spec);

  [[nodiscard]] const Tensor& tensor(const std::string& part) const {
    return tensors_.at(name_ + "." + part);
  }
  std::string constant(const std::string& part, const Shape& shape = {});
  std::string number(float value);
  std::string reshaped(const std::string& x, const Shape& shape);
  std::string flat(const std::string& x);
  /// x W^T + b of tokens.
  std::string linear(const std::string& x, const std::string& part);
  std::string norm(const std::string& x, const std::string& part);
  std::string attention(const std::string& x, const study::EncoderSpec& spec);
  std::string mlp(const std::string& x, const study::EncoderSpec& spec);
  std::string with_class_token(const std::string& x, int width);

  std::span<const float> values_;
  const Provenance& provenance_;
  OnnxGraph graph_;
  std::map<std::string, Tensor> tensors_;  // of the layer that is being added
  std::string name_;                       // of it
  std::string x_;                          // what flows into it
  int numbers_ = 0;
};

std::string FloatModel::constant(const std::string& part, const Shape& shape) {
  const Tensor& from = tensor(part);
  return graph_.add_floats(from.spec.name, shape.empty() ? from.spec.shape : shape, from.values);
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

void FloatModel::add_image() {
  const ImageShape& image = provenance_.problem.image;
  const Shape per_channel{image.channels, 1, 1};
  x_ = graph_.add("Cast", {graph_.add_image({image.channels, image.height, image.width})},
                  {{"to", OnnxGraph::float_type()}});
  const engine::PixelScaling& scaling = provenance_.scaling;
  x_ = graph_.add("Mul", {x_, graph_.add_floats("pixel_scale", per_channel, scaling.scale)});
  x_ = graph_.add("Add", {x_, graph_.add_floats("pixel_shift", per_channel, scaling.shift)});
}

void FloatModel::add(const study::DenseSpec& spec) {
  x_ = graph_.add("Gemm", {flat(x_), constant("weight"), constant("bias")},
                  {{"transB", std::int64_t{1}}});
  if (spec.relu) x_ = graph_.add("Relu", {x_});
}

void FloatModel::add(const study::ConvolutionSpec& spec) {
  const std::int64_t pad = spec.padding;
  x_ = graph_.add("Conv", {x_, constant("weight"), constant("bias")},
                  {{"kernel_shape", Shape{spec.kernel, spec.kernel}},
                   {"strides", Shape{spec.stride, spec.stride}},
                   {"pads", Shape{pad, pad, pad, pad}}});
  x_ = graph_.add("Relu", {x_});
}

void FloatModel::add(const study::PoolingSpec& spec) {
  using Kind = study::PoolingSpec::Kind;
  if (spec.kind == Kind::global_average) {
    x_ = graph_.add("GlobalAveragePool", {x_});
    return;
  }
  x_ = graph_.add(spec.kind == Kind::max ? "MaxPool" : "AveragePool", {x_},
                  {{"kernel_shape", Shape{2, 2}}, {"strides", Shape{2, 2}}});
}

std::string FloatModel::with_class_token(const std::string& x, int width) {
  const std::int64_t zero = 0;
  const std::int64_t rest[] = {1, width};
  const std::string batch =
      graph_.add("Gather", {graph_.add("Shape", {x}), graph_.add_integers("first", {&zero, 1})});
  const std::string shape = graph_.add("Concat", {batch, graph_.add_integers("token_shape", rest)},
                                       {{"axis", std::int64_t{0}}});
  const std::string token = graph_.add("Expand", {constant("class_token", {1, 1, width}), shape});
  return graph_.add("Concat", {token, x}, {{"axis", std::int64_t{1}}});
}

void FloatModel::add(const study::EmbeddingSpec& spec) {
  if (spec.identity) {
    x_ = reshaped(x_, {0, 1, spec.width});  // of [batch][pixels]
    return;
  }
  const std::int64_t patch = spec.patch;
  const std::string weight = constant("weight", {spec.width, spec.input.channels, patch, patch});
  x_ = graph_.add("Conv", {x_, weight, constant("bias")},
                  {{"kernel_shape", Shape{patch, patch}}, {"strides", Shape{patch, patch}}});
  x_ = graph_.add("Transpose", {reshaped(x_, {0, spec.width, -1})}, {{"perm", Shape{0, 2, 1}}});
  if (spec.class_token) x_ = with_class_token(x_, spec.width);
  if (spec.positions) x_ = graph_.add("Add", {x_, constant("position")});
}

std::string FloatModel::linear(const std::string& x, const std::string& part) {
  const Tensor& weight = tensor(part + ".weight");
  const auto outputs = static_cast<std::size_t>(weight.spec.shape[0]);
  const std::size_t inputs = weight.values.size() / outputs;
  std::vector<float> transposed(weight.values.size());
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t i = 0; i < inputs; ++i) {
      transposed[i * outputs + o] = weight.values[o * inputs + i];
    }
  }
  const std::string matrix = graph_.add_floats(
      weight.spec.name + ".transposed",
      {static_cast<std::int64_t>(inputs), static_cast<std::int64_t>(outputs)}, transposed);
  return graph_.add("Add", {graph_.add("MatMul", {x, matrix}), constant(part + ".bias")});
}

std::string FloatModel::norm(const std::string& x, const std::string& part) {
  const std::string dot = part.empty() ? "" : part + ".";
  return graph_.add("LayerNormalization", {x, constant(dot + "weight"), constant(dot + "bias")},
                    {{"axis", std::int64_t{-1}}, {"epsilon", 1e-5F}});
}

std::string FloatModel::attention(const std::string& x, const study::EncoderSpec& spec) {
  const std::int64_t width = spec.attention_width() / spec.heads;
  const auto heads = [&](const std::string& part, const Shape& order) {
    return graph_.add("Transpose", {reshaped(linear(x, part), {0, spec.tokens, spec.heads, width})},
                      {{"perm", order}});
  };
  const std::string queries = heads("attention.q", {0, 2, 1, 3});
  const std::string keys = heads("attention.k", {0, 2, 3, 1});
  const std::string values = heads("attention.v", {0, 2, 1, 3});
  const std::string scores = graph_.add(
      "Mul",
      {graph_.add("MatMul", {queries, keys}), number(1.0F / std::sqrt(static_cast<float>(width)))});
  const std::string shares = graph_.add("Softmax", {scores}, {{"axis", std::int64_t{-1}}});
  const std::string attended = graph_.add("Transpose", {graph_.add("MatMul", {shares, values})},
                                          {{"perm", Shape{0, 2, 1, 3}}});
  return linear(reshaped(attended, {0, spec.tokens, spec.attention_width()}), "attention.o");
}

std::string FloatModel::mlp(const std::string& x, const study::EncoderSpec& spec) {
  const std::string hidden = linear(x, "mlp.fc1");
  if (!spec.gelu) return linear(graph_.add("Relu", {hidden}), "mlp.fc2");
  const std::string scaled = graph_.add("Mul", {hidden, number(std::sqrt(0.5F))});
  const std::string gate = graph_.add("Add", {graph_.add("Erf", {scaled}), number(1.0F)});
  const std::string half = graph_.add("Mul", {hidden, number(0.5F)});
  return linear(graph_.add("Mul", {half, gate}), "mlp.fc2");
}

void FloatModel::add(const study::EncoderSpec& spec) {
  const std::string x = reshaped(x_, {0, spec.tokens, spec.width});
  if (spec.pre_norm) {
    const std::string y = graph_.add("Add", {x, attention(norm(x, "norm1"), spec)});
    x_ = graph_.add("Add", {y, mlp(norm(y, "norm2"), spec)});
    return;
  }
  const std::string y = norm(graph_.add("Add", {x, attention(x, spec)}), "norm1");
  x_ = norm(graph_.add("Add", {y, mlp(y, spec)}), "norm2");
}

void FloatModel::add(const study::TokenPoolSpec& spec) {
  if (spec.norm) x_ = norm(x_, "");
  if (spec.first) {
    const std::int64_t zero = 0;
    const std::string first = graph_.add_integers("first_token", {&zero, 1});
    x_ = flat(graph_.add("Gather", {x_, first}, {{"axis", std::int64_t{1}}}));
    return;
  }
  x_ = graph_.add("ReduceMean", {x_}, {{"axes", Shape{1}}, {"keepdims", std::int64_t{0}}});
}

void FloatModel::read(const study::LayerSpec& layer) {
  name_ = layer.name;
  tensors_.clear();
  for (const study::TensorSpec& spec : layer.tensors()) {
    const auto count = static_cast<std::size_t>(spec.count());
    if (count > values_.size()) throw std::invalid_argument("fewer values than parameters");
    tensors_.emplace(spec.name, Tensor{spec, values_.first(count)});
    values_ = values_.subspan(count);
  }
}

std::string FloatModel::write(const std::vector<study::LayerSpec>& layers) {
  add_image();
  for (const study::LayerSpec& layer : layers) {
    read(layer);
    std::visit([this](const auto& what) { add(what); }, layer.what);
  }
  return graph_.model(x_, provenance_.problem.classes, facts_of(provenance_));
}

}  // namespace

std::string onnx_of_floats(const network::Architecture& architecture, std::span<const float> values,
                           const Provenance& provenance) {
  return FloatModel(values, provenance).write(study::layers_of(architecture, provenance.problem));
}

}  // namespace minima::deploy
