#include "deploy/onnx/onnx_graph.h"

#include <onnx/onnx_pb.h>

#include <stdexcept>

namespace minima::deploy {
namespace {

constexpr int kIrVersion = 8;   // from ONNX 1.12
constexpr int kOperators = 17;  // the first opset with LayerNormalization

onnx::TensorProto* named(onnx::ModelProto& model, const std::string& name,
                         const OnnxGraph::Shape& shape, int type) {
  onnx::TensorProto* tensor = model.mutable_graph()->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(type);
  for (const std::int64_t size : shape) tensor->add_dims(size);
  return tensor;
}

void describe(onnx::ValueInfoProto& value, const std::string& name, int type,
              const OnnxGraph::Shape& shape) {
  value.set_name(name);
  auto* tensor = value.mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(type);
  tensor->mutable_shape()->add_dim()->set_dim_param("batch");
  for (const std::int64_t size : shape) tensor->mutable_shape()->add_dim()->set_dim_value(size);
}

}  // namespace

OnnxGraph::OnnxGraph() : model_(std::make_unique<onnx::ModelProto>()) {
  model_->set_ir_version(kIrVersion);
  model_->set_producer_name("minima");
  model_->add_opset_import()->set_version(kOperators);
  model_->mutable_graph()->set_name("network");
}

OnnxGraph::~OnnxGraph() = default;

std::string OnnxGraph::add_image(const Shape& shape) {
  describe(*model_->mutable_graph()->add_input(), "image", onnx::TensorProto::UINT8, shape);
  return "image";
}

std::string OnnxGraph::add_floats(const std::string& name, const Shape& shape,
                                  std::span<const float> values) {
  auto* tensor = named(*model_, name, shape, onnx::TensorProto::FLOAT);
  tensor->set_raw_data(values.data(), values.size_bytes());
  return name;
}

std::string OnnxGraph::add_integers(const std::string& name, std::span<const std::int64_t> values) {
  auto* tensor =
      named(*model_, name, {static_cast<std::int64_t>(values.size())}, onnx::TensorProto::INT64);
  tensor->set_raw_data(values.data(), values.size_bytes());
  return name;
}

std::string OnnxGraph::add_codes(const std::string& name, const Shape& shape,
                                 std::span<const std::int32_t> values, int type) {
  auto* tensor = named(*model_, name, shape, type);
  std::string bytes;
  for (const std::int32_t value : values) bytes += static_cast<char>(value);
  tensor->set_raw_data(bytes);
  return name;
}

std::string OnnxGraph::add_int8(const std::string& name, const Shape& shape,
                                std::span<const std::int32_t> values) {
  return add_codes(name, shape, values, onnx::TensorProto::INT8);
}

std::string OnnxGraph::add_uint8(const std::string& name, const Shape& shape,
                                 std::span<const std::int32_t> values) {
  return add_codes(name, shape, values, onnx::TensorProto::UINT8);
}

std::string OnnxGraph::add_int32(const std::string& name, const Shape& shape,
                                 std::span<const std::int32_t> values) {
  auto* tensor = named(*model_, name, shape, onnx::TensorProto::INT32);
  tensor->set_raw_data(values.data(), values.size_bytes());
  return name;
}

std::string OnnxGraph::add(const std::string& op, const std::vector<std::string>& inputs,
                           const std::vector<Attribute>& attributes) {
  onnx::NodeProto* node = model_->mutable_graph()->add_node();
  node->set_op_type(op);
  node->set_name(op + std::to_string(++nodes_));
  for (const std::string& input : inputs) node->add_input(input);
  node->add_output(node->name() + ".out");
  for (const auto& [name, value] : attributes) {
    onnx::AttributeProto* attribute = node->add_attribute();
    attribute->set_name(name);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      attribute->set_type(onnx::AttributeProto::INT);
      attribute->set_i(*whole);
    } else if (const auto* real = std::get_if<float>(&value)) {
      attribute->set_type(onnx::AttributeProto::FLOAT);
      attribute->set_f(*real);
    } else {
      attribute->set_type(onnx::AttributeProto::INTS);
      for (const std::int64_t each : std::get<Shape>(value)) attribute->add_ints(each);
    }
  }
  return node->output(0);
}

std::int64_t OnnxGraph::float_type() {
  return onnx::TensorProto::FLOAT;
}

std::string OnnxGraph::model(const std::string& logits, std::int64_t classes,
                             std::span<const std::pair<std::string, std::string>> facts) {
  onnx::GraphProto& graph = *model_->mutable_graph();
  onnx::NodeProto* last = graph.add_node();
  last->set_op_type("Identity");
  last->set_name("Output");
  last->add_input(logits);
  last->add_output("logits");
  describe(*graph.add_output(), "logits", onnx::TensorProto::FLOAT, {classes});
  for (const auto& [name, value] : facts) {
    onnx::StringStringEntryProto* entry = model_->add_metadata_props();
    entry->set_key(name);
    entry->set_value(value);
  }
  std::string bytes;
  if (!model_->SerializeToString(&bytes)) throw std::runtime_error("an ONNX model is too large");
  return bytes;
}

}  // namespace minima::deploy
