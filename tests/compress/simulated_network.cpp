#include "simulated_network.h"

#include <algorithm>
#include <cmath>

namespace minima::compress {
namespace {

double fake_quantized(const IntegerLayer& layer, double value) {
  if (layer.is_output) return value;
  const double scale = layer.reals.output_scale;
  const double high = layer.output_high;
  return std::clamp(std::nearbyint(value / scale), 0.0, high) * scale;
}

/// Input value at (y, x) of channel c, which may lie in the padding.
double value_at(const IntegerLayer& layer, std::span<const double> input, int c, int y, int x) {
  const ImageShape& shape = layer.input;
  if (y < 0 || x < 0 || y >= shape.height || x >= shape.width) {
    return layer.padding_codes[static_cast<std::size_t>(c)] * layer.reals.input_scale;
  }
  return input[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
}

double product(const IntegerLayer& layer, std::span<const double> input, int output, int top,
               int left) {
  const auto o = static_cast<std::size_t>(output);
  const bool dense = layer.kind == IntegerLayer::Kind::dense;
  const int height = dense ? layer.input.height : layer.window_height;
  const int width = dense ? layer.input.width : layer.window_width;
  const std::int16_t* weight = layer.weights.data() + o * layer.weights_per_output();
  double sum = 0.0;
  for (int c = 0; c < layer.input.channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        sum +=
            *weight++ * layer.reals.weight_scales[o] * value_at(layer, input, c, top + y, left + x);
      }
    }
  }
  return sum + layer.reals.biases[o];
}

double pooled(const IntegerLayer& layer, std::span<const double> input, int channel, int top,
              int left) {
  double sum = 0.0;
  double largest = 0.0;
  for (int y = 0; y < layer.window_height; ++y) {
    for (int x = 0; x < layer.window_width; ++x) {
      const double value = value_at(layer, input, channel, top + y, left + x);
      sum += value;
      largest = std::max(largest, value);
    }
  }
  if (layer.kind == IntegerLayer::Kind::max_pool) return largest;
  return sum / (layer.window_height * layer.window_width);
}

}  // namespace

std::vector<double> simulated_layer_outputs(const IntegerLayer& layer,
                                            std::span<const double> input) {
  std::vector<double> output;
  for (int channel = 0; channel < layer.output.channels; ++channel) {
    for (int row = 0; row < layer.output.height; ++row) {
      for (int column = 0; column < layer.output.width; ++column) {
        const int top = row * layer.stride - layer.padding;
        const int left = column * layer.stride - layer.padding;
        const double value = layer.has_weights() ? product(layer, input, channel, top, left)
                                                 : pooled(layer, input, channel, top, left);
        output.push_back(fake_quantized(layer, value));
      }
    }
  }
  return output;
}

std::vector<double> simulated_logits(const IntegerNetwork& network,
                                     std::span<const std::uint8_t> image) {
  std::vector<double> values;
  for (const std::uint8_t pixel : image) {
    values.push_back(pixel * network.layers.front().reals.input_scale);
  }
  for (const IntegerLayer& layer : network.layers) values = simulated_layer_outputs(layer, values);
  return values;
}

}  // namespace minima::compress
