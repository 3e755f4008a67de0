// Translates the layers of an integer network to int8 operators of TensorFlow Lite.
//
// A code 0..255 of minima with zero point 0 is the int8 code less 128 with zero point -128: the
// operators subtract the zero point first, so the sums are the same. Images are [height][width]
// [channels] there. Three things need another operator than their name suggests:
//
// - Average pooling changes the scale here, which AVERAGE_POOL_2D cannot. A DEPTHWISE_CONV_2D whose
//   weights are all equal sums the window and requantizes the sum.
// - A dense layer with a scale for each output is a CONV_2D over the whole input: FULLY_CONNECTED
//   has had such scales only since 2023.
// - Activations of fewer than 8 bits are clamped by a MINIMUM.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "deploy/tflite/tflite_export.h"
#include "deploy/tflite/tflite_model.h"

namespace minima::deploy {
namespace {

using compress::IntegerLayer;
using compress::IntegerNetwork;
using TfliteShape = TfliteModel::Shape;

constexpr int kMostTfliteBits = 8;
constexpr int kLargestWeight = 127;
constexpr std::int32_t kFullCode = 255;
constexpr int kOffset = 128;  // code of minima - code of TensorFlow Lite

Error not_in_tflite(const std::string& reason, const std::string& hint) {
  return input_error({"--format tflite", ""}, reason, hint);
}

TfliteShape shape_of(const ImageShape& image) {
  return {1, image.height, image.width, image.channels};
}

/// Rows of weights [channels][height][width] as [height][width][channels].
std::vector<std::int32_t> channels_last(const IntegerLayer& layer, const ImageShape& window) {
  std::vector<std::int32_t> codes;
  codes.reserve(layer.weights.size());
  const int places = window.height * window.width;
  for (std::size_t row = 0; row < layer.outputs(); ++row) {
    const std::int16_t* weights = layer.weights.data() + row * layer.weights_per_output();
    for (int place = 0; place < places; ++place) {
      for (int c = 0; c < window.channels; ++c) codes.push_back(weights[c * places + place]);
    }
  }
  return codes;
}

bool has_one_scale(const IntegerLayer& layer) {
  const auto& scales = layer.reals.weight_scales;
  return std::ranges::all_of(scales, [&](double scale) { return scale == scales.front(); });
}

class Int8Model {
 public:
  Int8Model(const IntegerNetwork& network, const LogitCodes& codes, const Provenance& provenance)
      : network_(network), codes_(codes), provenance_(provenance) {
    for (const IntegerLayer& layer : network.layers) {
      if (layer.kind == IntegerLayer::Kind::dense && !has_one_scale(layer)) convolves_all_ = true;
    }
  }

  std::string write();

 private:
  struct Value {
    int tensor = 0;
    TfliteShape shape;
    float scale = 1.0F;
    int zero_point = -kOffset;
  };

  [[nodiscard]] Value image();
  void add(const IntegerLayer& layer);
  void add_dense(const IntegerLayer& layer);
  void add_convolution(const IntegerLayer& layer);
  void add_average(const IntegerLayer& layer);
  void add_max(const IntegerLayer& layer);
  /// Adds PAD if the padding is not SAME. Returns whether it is.
  bool pad(const IntegerLayer& layer);
  /// Adds the weights as a tensor of this shape, with their rows in the order of its windows.
  int add_weights(const IntegerLayer& layer, const ImageShape& window, const TfliteShape& shape);
  int add_biases(const IntegerLayer& layer, std::span<const std::int32_t> biases,
                 std::span<const float> weight_scales);
  /// The biases, for pixels less the code of the padding.
  [[nodiscard]] std::vector<std::int32_t> biases(const IntegerLayer& layer) const;
  Value output_of(const IntegerLayer& layer, const TfliteShape& shape);
  void clamp(const IntegerLayer& layer);
  [[nodiscard]] std::string description() const;

  const IntegerNetwork& network_;
  const LogitCodes& codes_;
  const Provenance& provenance_;
  TfliteModel model_;
  bool convolves_all_ = false;  // dense layers are convolutions
  Value x_;
};

/// The zero point of the pixels is the code of their padding, so that padding is zero.
Int8Model::Value Int8Model::image() {
  const IntegerLayer& first = network_.layers.front();
  Value image{.shape = shape_of(network_.problem.image),
              .scale = static_cast<float>(first.reals.input_scale)};
  if (!first.padding_codes.empty()) {
    const auto& codes = first.padding_codes;
    const auto differs = [&](std::int16_t code) { return code != codes.front(); };
    if (std::ranges::any_of(codes, differs)) {
      throw not_in_tflite(
          fmt::format("{}: padding that differs between channels (of pixels that are shifted) "
                      "cannot be written",
                      first.name),
          "use --format c, or train with scaling = \"unit\"");
    }
    image.zero_point = codes.front() - kOffset;
  }
  image.tensor = model_.add_codes("image", image.shape,
                                  {.scales = {image.scale}, .zero_point = image.zero_point});
  return image;
}

int Int8Model::add_weights(const IntegerLayer& layer, const ImageShape& window,
                           const TfliteShape& shape) {
  const std::vector<std::int32_t> codes = channels_last(layer, window);
  int largest = 0;
  for (const std::int32_t code : codes) largest = std::max(largest, std::abs(code));
  if (largest > kLargestWeight) {
    throw not_in_tflite(fmt::format("{}: affine weights reach {} once centred, and int8 ends at {}",
                                    layer.name, largest, kLargestWeight),
                        "choose a variant with symmetric weights, or --format c");
  }
  const auto& reals = layer.reals.weight_scales;
  std::vector<float> scales(reals.begin(), reals.end());
  if (has_one_scale(layer)) scales.resize(1);
  return model_.add_int8(layer.name + ".weight", shape, codes, {.scales = scales});
}

std::vector<std::int32_t> Int8Model::biases(const IntegerLayer& layer) const {
  std::vector<std::int32_t> biases = layer.biases;
  const std::int32_t padding = x_.zero_point + kOffset;
  for (std::size_t i = 0; padding != 0 && i < layer.weights.size(); ++i) {
    biases[i / layer.weights_per_output()] += layer.weights[i] * padding;
  }
  return biases;
}

int Int8Model::add_biases(const IntegerLayer& layer, std::span<const std::int32_t> biases,
                          std::span<const float> weight_scales) {
  std::vector<float> scales;
  for (const float scale : weight_scales) scales.push_back(scale * x_.scale);
  return model_.add_int32(layer.name + ".bias", {static_cast<std::int32_t>(biases.size())}, biases,
                          {.scales = scales});
}

Int8Model::Value Int8Model::output_of(const IntegerLayer& layer, const TfliteShape& shape) {
  Value value{.shape = shape, .scale = static_cast<float>(layer.reals.output_scale)};
  if (layer.is_output) {
    value.scale = static_cast<float>(codes_.scale);
    value.zero_point = codes_.zero_point;
  }
  value.tensor = model_.add_codes(layer.is_output ? "logits" : layer.name, shape,
                                  {.scales = {value.scale}, .zero_point = value.zero_point});
  return value;
}

void Int8Model::clamp(const IntegerLayer& layer) {
  if (layer.is_output || layer.output_high == kFullCode) return;
  const TfliteModel::Quantization quantization{.scales = {x_.scale}, .zero_point = x_.zero_point};
  const std::int32_t high = layer.output_high - kOffset;
  const int limit = model_.add_int8(layer.name + ".high", TfliteShape(x_.shape.size(), 1),
                                    {&high, 1}, quantization);
  const int clamped = model_.add_codes(layer.name + ".clamped", x_.shape, quantization);
  model_.take_minimum({x_.tensor, limit}, clamped);
  x_.tensor = clamped;
}

bool Int8Model::pad(const IntegerLayer& layer) {
  if (layer.padding == 0) return false;
  // SAME pads by half of what the last window needs, rounded down, before the first row.
  const auto is_same = [&](int input, int output, int window) {
    const int same = (input + layer.stride - 1) / layer.stride;
    const int needed = std::max((same - 1) * layer.stride + window - input, 0);
    return output == same && needed / 2 == layer.padding;
  };
  if (is_same(layer.input.height, layer.output.height, layer.window_height) &&
      is_same(layer.input.width, layer.output.width, layer.window_width)) {
    return true;
  }
  const std::int32_t by = layer.padding;
  const std::int32_t paddings[] = {0, 0, by, by, by, by, 0, 0};
  ImageShape padded = layer.input;
  padded.height += 2 * by;
  padded.width += 2 * by;
  const int amounts = model_.add_int32(layer.name + ".padding", {4, 2}, paddings, {});
  const int output = model_.add_codes(layer.name + ".padded", shape_of(padded),
                                      {.scales = {x_.scale}, .zero_point = x_.zero_point});
  model_.pad({x_.tensor, amounts}, output);
  x_.tensor = output;
  x_.shape = shape_of(padded);
  return false;
}

void Int8Model::add_convolution(const IntegerLayer& layer) {
  const ImageShape window{
      .channels = layer.input.channels, .height = layer.window_height, .width = layer.window_width};
  const bool is_same = pad(layer);
  const int weights = add_weights(
      layer, window, {layer.output.channels, window.height, window.width, window.channels});
  const auto& reals = layer.reals.weight_scales;
  std::vector<float> scales(reals.begin(), reals.end());
  if (has_one_scale(layer)) scales.resize(1);
  const int added = add_biases(layer, biases(layer), scales);
  const Value output = output_of(layer, shape_of(layer.output));
  model_.convolve(
      {x_.tensor, weights, added}, output.tensor,
      {.height = window.height, .width = window.width, .stride = layer.stride, .is_same = is_same},
      !layer.is_output);
  x_ = output;
  clamp(layer);
}

void Int8Model::add_dense(const IntegerLayer& layer) {
  const ImageShape& all = layer.input;
  if (convolves_all_) {
    IntegerLayer convolution = layer;
    convolution.window_height = all.height;
    convolution.window_width = all.width;
    add_convolution(convolution);
    return;
  }
  const int weights = add_weights(
      layer, all, {layer.output.channels, static_cast<std::int32_t>(layer.weights_per_output())});
  const auto scale = static_cast<float>(layer.reals.weight_scales.front());
  const int added = add_biases(layer, layer.biases, {&scale, 1});
  const Value output = output_of(layer, {1, layer.output.channels});
  model_.connect({x_.tensor, weights, added}, output.tensor, !layer.is_output);
  x_ = output;
  clamp(layer);
}

void Int8Model::add_average(const IntegerLayer& layer) {
  const int channels = layer.input.channels;
  const auto window = static_cast<std::size_t>(layer.window_height * layer.window_width);
  // Equal scales make ties: a sum of 6 in a window of 4 is 1.5. The doubled sum plus 1 is none, is
  // rounded as the sum is here, and is so by interpreters that compute in floats, too.
  const bool has_ties = static_cast<float>(layer.reals.output_scale) == x_.scale;
  const std::int32_t weight = has_ties ? 2 : 1;
  const float share = 1.0F / static_cast<float>(window * static_cast<std::size_t>(weight));
  const std::vector<std::int32_t> sums(window * static_cast<std::size_t>(channels), weight);
  const int weights = model_.add_int8(layer.name + ".weight",
                                      {1, layer.window_height, layer.window_width, channels}, sums,
                                      {.scales = {share}, .dimension = 3});
  const std::vector<std::int32_t> half(static_cast<std::size_t>(channels), has_ties ? 1 : 0);
  const int added = add_biases(layer, half, {&share, 1});
  const Value output = output_of(layer, shape_of(layer.output));
  model_.convolve_by_channel(
      {x_.tensor, weights, added}, output.tensor,
      {.height = layer.window_height, .width = layer.window_width, .stride = layer.stride});
  x_ = output;
  clamp(layer);
}

void Int8Model::add_max(const IntegerLayer& layer) {
  Value output = x_;
  output.shape = shape_of(layer.output);
  output.tensor = model_.add_codes(layer.name, output.shape,
                                   {.scales = {x_.scale}, .zero_point = x_.zero_point});
  model_.pool_max(
      x_.tensor, output.tensor,
      {.height = layer.window_height, .width = layer.window_width, .stride = layer.stride});
  x_ = output;
}

void Int8Model::add(const IntegerLayer& layer) {
  switch (layer.kind) {
    case IntegerLayer::Kind::dense:
      return add_dense(layer);
    case IntegerLayer::Kind::convolution:
      return add_convolution(layer);
    case IntegerLayer::Kind::max_pool:
      return add_max(layer);
    case IntegerLayer::Kind::average_pool:
      return add_average(layer);
  }
}

std::string Int8Model::description() const {
  return fmt::format("minima {}: {} on {}, run {}. Input: bytes less 128, rows from the top.",
                     provenance_.program_version, provenance_.variant.architecture,
                     printable(provenance_.dataset), provenance_.run_id);
}

std::string Int8Model::write() {
  x_ = image();
  const int input = x_.tensor;
  for (const IntegerLayer& layer : network_.layers) add(layer);
  if (x_.shape.size() != 2) {
    const TfliteShape flat{1, network_.problem.classes};
    const int logits =
        model_.add_codes("logits.flat", flat, {.scales = {x_.scale}, .zero_point = x_.zero_point});
    model_.reshape(x_.tensor, logits, flat);
    x_.tensor = logits;
  }
  model_.set_description(description());
  if (!provenance_.class_names.empty()) {
    model_.add_metadata("classes",
                        nlohmann::json(provenance_.class_names)
                            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return model_.bytes(input, x_.tensor);
}

}  // namespace

std::string tflite_of_integers(const IntegerNetwork& network, const LogitCodes& codes,
                               const Provenance& provenance) {
  const int weight_bits = study::info(network.weights.format).bits;
  const int activation_bits = study::info(network.activations).bits;
  if (weight_bits > kMostTfliteBits || activation_bits > kMostTfliteBits) {
    throw not_in_tflite("int8 models hold weights and activations of at most 8 bits",
                        "choose a variant of at most 8 bits, or --format c");
  }
  return Int8Model(network, codes, provenance).write();
}

}  // namespace minima::deploy
