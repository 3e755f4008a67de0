#include "deploy/tflite/tflite_model.h"

#include <flatbuffers/flatbuffers.h>
#include <tflite_generated.h>  // made of tflite.fbs by flatc

#include <algorithm>

namespace minima::deploy {
namespace {

constexpr std::uint32_t kSchema = 3;

std::uint32_t add_buffer(tflite::ModelT& model, std::vector<std::uint8_t> content) {
  auto buffer = std::make_unique<tflite::BufferT>();
  buffer->data = std::move(content);
  model.buffers.push_back(std::move(buffer));
  return static_cast<std::uint32_t>(model.buffers.size() - 1);
}

/// The options that a convolution and pooling have in common.
template <typename Options>
Options options_of(const TfliteModel::Window& window) {
  Options options;
  options.padding = window.is_same ? tflite::Padding::SAME : tflite::Padding::VALID;
  options.stride_w = options.stride_h = window.stride;
  return options;
}

tflite::ActivationFunctionType activation(bool relu) {
  return relu ? tflite::ActivationFunctionType::RELU : tflite::ActivationFunctionType::NONE;
}

/// The first version of an operator that computes with int8.
int version_of(tflite::BuiltinOperator code) {
  using Code = tflite::BuiltinOperator;
  switch (code) {
    case Code::FULLY_CONNECTED:
      return 4;
    case Code::CONV_2D:
    case Code::DEPTHWISE_CONV_2D:
      return 3;
    case Code::MAX_POOL_2D:
    case Code::PAD:
    case Code::MINIMUM:
      return 2;
    case Code::RESHAPE:
    case Code::ADD:
      break;
  }
  return 1;
}

}  // namespace

enum class TfliteModel::Code : std::int32_t {
  convolution = static_cast<std::int32_t>(tflite::BuiltinOperator::CONV_2D),
  by_channel = static_cast<std::int32_t>(tflite::BuiltinOperator::DEPTHWISE_CONV_2D),
  dense = static_cast<std::int32_t>(tflite::BuiltinOperator::FULLY_CONNECTED),
  max_pool = static_cast<std::int32_t>(tflite::BuiltinOperator::MAX_POOL_2D),
  reshape = static_cast<std::int32_t>(tflite::BuiltinOperator::RESHAPE),
  pad = static_cast<std::int32_t>(tflite::BuiltinOperator::PAD),
  minimum = static_cast<std::int32_t>(tflite::BuiltinOperator::MINIMUM)
};

TfliteModel::TfliteModel() : model_(std::make_unique<tflite::ModelT>()) {
  model_->version = kSchema;
  model_->subgraphs.push_back(std::make_unique<tflite::SubGraphT>());
  model_->subgraphs.front()->name = "network";
  add_buffer(*model_, {});  // of all tensors that are not constant
}

TfliteModel::~TfliteModel() = default;

int TfliteModel::add_tensor(const std::string& name, const Shape& shape,
                            const Quantization& quantization, std::vector<std::uint8_t> constants) {
  auto tensor = std::make_unique<tflite::TensorT>();
  tensor->name = name;
  tensor->shape = shape;
  tensor->type = tflite::TensorType::INT8;
  if (!constants.empty()) tensor->buffer = add_buffer(*model_, std::move(constants));
  if (!quantization.scales.empty()) {
    tensor->quantization = std::make_unique<tflite::QuantizationParametersT>();
    tensor->quantization->scale = quantization.scales;
    tensor->quantization->zero_point.assign(quantization.scales.size(), quantization.zero_point);
    tensor->quantization->quantized_dimension = quantization.dimension;
  }
  auto& tensors = model_->subgraphs.front()->tensors;
  tensors.push_back(std::move(tensor));
  return static_cast<int>(tensors.size() - 1);
}

int TfliteModel::add_codes(const std::string& name, const Shape& shape,
                           const Quantization& quantization) {
  return add_tensor(name, shape, quantization, {});
}

int TfliteModel::add_int8(const std::string& name, const Shape& shape,
                          std::span<const std::int32_t> values, const Quantization& quantization) {
  std::vector<std::uint8_t> bytes;
  for (const std::int32_t value : values) bytes.push_back(static_cast<std::uint8_t>(value));
  return add_tensor(name, shape, quantization, std::move(bytes));
}

int TfliteModel::add_int32(const std::string& name, const Shape& shape,
                           std::span<const std::int32_t> values, const Quantization& quantization) {
  std::vector<std::uint8_t> bytes;  // the smallest first, on every machine
  for (const std::int32_t value : values) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) >> shift));
    }
  }
  const int tensor = add_tensor(name, shape, quantization, std::move(bytes));
  model_->subgraphs.front()->tensors.back()->type = tflite::TensorType::INT32;
  return tensor;
}

tflite::OperatorT& TfliteModel::add(Code code, std::vector<int> inputs, int output) {
  const auto builtin = static_cast<tflite::BuiltinOperator>(code);
  auto& codes = model_->operator_codes;
  auto found =
      std::ranges::find_if(codes, [&](const auto& each) { return each->builtin_code == builtin; });
  if (found == codes.end()) {
    auto made = std::make_unique<tflite::OperatorCodeT>();
    made->builtin_code = builtin;
    made->deprecated_builtin_code = static_cast<std::int8_t>(code);
    made->version = version_of(builtin);
    found = codes.insert(codes.end(), std::move(made));
  }
  auto operation = std::make_unique<tflite::OperatorT>();
  operation->opcode_index = static_cast<std::uint32_t>(found - codes.begin());
  operation->inputs = std::move(inputs);
  operation->outputs = {output};
  auto& operators = model_->subgraphs.front()->operators;
  operators.push_back(std::move(operation));
  return *operators.back();
}

void TfliteModel::convolve(const std::vector<int>& inputs, int output, const Window& window,
                           bool relu) {
  auto options = options_of<tflite::Conv2DOptionsT>(window);
  options.fused_activation_function = activation(relu);
  add(Code::convolution, inputs, output).builtin_options.Set(options);
}

void TfliteModel::convolve_by_channel(const std::vector<int>& inputs, int output,
                                      const Window& window) {
  auto options = options_of<tflite::DepthwiseConv2DOptionsT>(window);
  options.depth_multiplier = 1;
  add(Code::by_channel, inputs, output).builtin_options.Set(options);
}

void TfliteModel::connect(const std::vector<int>& inputs, int output, bool relu) {
  tflite::FullyConnectedOptionsT options;
  options.fused_activation_function = activation(relu);
  add(Code::dense, inputs, output).builtin_options.Set(options);
}

void TfliteModel::pool_max(int input, int output, const Window& window) {
  auto options = options_of<tflite::Pool2DOptionsT>(window);
  options.filter_height = window.height;
  options.filter_width = window.width;
  add(Code::max_pool, {input}, output).builtin_options.Set(options);
}

void TfliteModel::pad(const std::vector<int>& inputs, int output) {
  add(Code::pad, inputs, output).builtin_options.Set(tflite::PadOptionsT());
}

void TfliteModel::reshape(int input, int output, const Shape& shape) {
  const auto dimensions = static_cast<std::int32_t>(shape.size());
  const int sizes = add_int32("shape", {dimensions}, shape, {});
  tflite::ReshapeOptionsT options;
  options.new_shape = shape;
  add(Code::reshape, {input, sizes}, output).builtin_options.Set(std::move(options));
}

void TfliteModel::take_minimum(const std::vector<int>& inputs, int output) {
  add(Code::minimum, inputs, output).builtin_options.Set(tflite::MaximumMinimumOptionsT());
}

void TfliteModel::set_description(const std::string& text) {
  model_->description = text;
}

void TfliteModel::add_metadata(const std::string& name, const std::string& content) {
  auto entry = std::make_unique<tflite::MetadataT>();
  entry->name = name;
  entry->buffer = add_buffer(*model_, {content.begin(), content.end()});
  model_->metadata.push_back(std::move(entry));
}

std::string TfliteModel::bytes(int input, int output) {
  model_->subgraphs.front()->inputs = {input};
  model_->subgraphs.front()->outputs = {output};
  flatbuffers::FlatBufferBuilder builder;
  tflite::FinishModelBuffer(builder, tflite::Model::Pack(builder, model_.get()));
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

}  // namespace minima::deploy
