#include "compress/integer/integer_inference.h"

#include <algorithm>

namespace minima::compress {
namespace {

using Codes = std::vector<std::int32_t>;

std::int32_t output_of(const IntegerLayer& layer, std::int32_t accumulator, int channel) {
  const auto at = static_cast<std::size_t>(channel);
  if (layer.is_output) {
    if (layer.requantization.empty()) return accumulator;
    return requantize(accumulator, layer.requantization_of_output(at));
  }
  const std::int32_t code = requantize(accumulator, layer.requantization_of_output(at));
  return std::min(std::max(code, 0), layer.output_high);
}

Codes dense(const IntegerLayer& layer, std::span<const std::int32_t> input) {
  Codes output;
  const std::int16_t* weight = layer.weights.data();
  for (int o = 0; o < layer.output.channels; ++o) {
    std::int32_t accumulator = layer.biases[static_cast<std::size_t>(o)];
    for (const std::int32_t code : input) accumulator += *weight++ * code;
    output.push_back(output_of(layer, accumulator, o));
  }
  return output;
}

/// The code at (y, x) of channel c, which may lie in the padding.
std::int32_t code_at(const IntegerLayer& layer, std::span<const std::int32_t> input, int c, int y,
                     int x) {
  const ImageShape& shape = layer.input;
  if (y < 0 || x < 0 || y >= shape.height || x >= shape.width) {
    return layer.padding_codes[static_cast<std::size_t>(c)];
  }
  return input[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
}

/// Calls use(channel, top, left) for each output in order; (top, left) is the start of its window.
template <typename Use>
void over_windows(const IntegerLayer& layer, Use use) {
  for (int channel = 0; channel < layer.output.channels; ++channel) {
    for (int row = 0; row < layer.output.height; ++row) {
      for (int column = 0; column < layer.output.width; ++column) {
        use(channel, row * layer.stride - layer.padding, column * layer.stride - layer.padding);
      }
    }
  }
}

Codes convolution(const IntegerLayer& layer, std::span<const std::int32_t> input) {
  Codes output;
  const std::size_t each = layer.weights_per_output();
  over_windows(layer, [&](int filter, int top, int left) {
    const std::int16_t* weight = layer.weights.data() + static_cast<std::size_t>(filter) * each;
    std::int32_t accumulator = layer.biases[static_cast<std::size_t>(filter)];
    for (int c = 0; c < layer.input.channels; ++c) {
      for (int y = 0; y < layer.window_height; ++y) {
        for (int x = 0; x < layer.window_width; ++x) {
          accumulator += *weight++ * code_at(layer, input, c, top + y, left + x);
        }
      }
    }
    output.push_back(output_of(layer, accumulator, filter));
  });
  return output;
}

Codes pooling(const IntegerLayer& layer, std::span<const std::int32_t> input) {
  Codes output;
  over_windows(layer, [&](int channel, int top, int left) {
    std::int32_t sum = 0;
    std::int32_t largest = 0;
    for (int y = 0; y < layer.window_height; ++y) {
      for (int x = 0; x < layer.window_width; ++x) {
        const std::int32_t code = code_at(layer, input, channel, top + y, left + x);
        sum += code;
        largest = std::max(largest, code);
      }
    }
    const bool max = layer.kind == IntegerLayer::Kind::max_pool;
    output.push_back(max ? largest : output_of(layer, sum, channel));
  });
  return output;
}

}  // namespace

std::vector<std::int32_t> integer_layer_outputs(const IntegerLayer& layer,
                                                std::span<const std::int32_t> input) {
  switch (layer.kind) {
    case IntegerLayer::Kind::dense:
      return dense(layer, input);
    case IntegerLayer::Kind::convolution:
      return convolution(layer, input);
    case IntegerLayer::Kind::max_pool:
    case IntegerLayer::Kind::average_pool:
      break;
  }
  return pooling(layer, input);
}

std::vector<std::int32_t> integer_logits(const IntegerNetwork& network,
                                         std::span<const std::uint8_t> image) {
  Codes codes(image.begin(), image.end());
  for (const IntegerLayer& layer : network.layers) codes = integer_layer_outputs(layer, codes);
  return codes;
}

int predicted_class(std::span<const std::int32_t> logits) {
  return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace minima::compress
