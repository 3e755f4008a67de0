#include "compress/integer/integer_batch.h"

#include <algorithm>
#include <utility>

#include "compress/integer/integer_inference.h"
#include "kernels/integer_products.h"

namespace minima::compress {
namespace {

using LayerKind = IntegerLayer::Kind;

constexpr std::size_t kLanes = kernels::kIntegerLanes;
constexpr std::size_t kCell = 2 * kLanes;  // codes of a channel pair at one pixel

std::size_t size(int count) {
  return static_cast<std::size_t>(count);
}

std::size_t pairs_of(const ImageShape& shape) {
  return (size(shape.channels) + 1) / 2;
}

std::size_t cells_of(const ImageShape& shape) {
  return pairs_of(shape) * size(shape.height) * size(shape.width);
}

/// The shape of the padded input.
ImageShape padded_input(const IntegerLayer& layer) {
  return {.channels = layer.input.channels,
          .height = layer.input.height + 2 * layer.padding,
          .width = layer.input.width + 2 * layer.padding};
}

kernels::CodeScaling scaling_of(const IntegerLayer& layer, std::size_t output) {
  if (output >= layer.outputs()) return {};  // unused half of the last channel pair
  const Requantization& by = layer.requantization_of_output(output);
  return {.multiplier = by.multiplier, .shift = by.shift, .high = layer.output_high};
}

/// Calls use(cell of the output, pair of channels, row, column).
template <typename Use>
void over_output(const IntegerLayer& layer, Use use) {
  std::size_t cell = 0;
  for (std::size_t pair = 0; pair < pairs_of(layer.output); ++pair) {
    for (std::size_t row = 0; row < size(layer.output.height); ++row) {
      for (std::size_t column = 0; column < size(layer.output.width); ++column, ++cell) {
        use(cell, pair, row, column);
      }
    }
  }
}

}  // namespace

IntegerBatchNetwork::IntegerBatchNetwork(const IntegerNetwork& network)
    : pixels_(size(network.problem.image.pixels())), classes_(size(network.problem.classes)) {
  for (const IntegerLayer& layer : network.layers) steps_.push_back(prepared(layer));
  // A dense first layer treats pixels as channels, so that both halves of every channel pair are
  // used.
  IntegerLayer& first = steps_.front().layer;
  if (first.kind == LayerKind::dense) {
    IntegerLayer flat = network.layers.front();
    flat.input = {.channels = static_cast<int>(pixels_), .height = 1, .width = 1};
    steps_.front() = prepared(flat);
  }
}

IntegerBatchNetwork::Step IntegerBatchNetwork::prepared(const IntegerLayer& layer) {
  Step step{.layer = layer};
  if (!layer.has_weights()) return step;
  step.layer.weights.clear();
  if (layer.kind == LayerKind::dense) {
    step.layer.window_height = layer.input.height;
    step.layer.window_width = layer.input.width;
  }
  const ImageShape input = padded_input(layer);
  const std::size_t height = size(step.layer.window_height);
  const std::size_t width = size(step.layer.window_width);
  for (std::size_t pair = 0; pair < pairs_of(input); ++pair) {
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t x = 0; x < width; ++x) {
        step.taps.push_back(((pair * size(input.height) + y) * size(input.width) + x) * kCell);
      }
    }
  }
  const std::size_t outputs = 2 * pairs_of(layer.output);
  const std::size_t window = height * width;
  step.biases = layer.biases;
  step.biases.resize(outputs);
  step.weights.resize(outputs * step.taps.size() * 2);
  const std::size_t per_output = layer.weights_per_output();
  for (std::size_t output = 0; output < layer.outputs(); ++output) {
    for (std::size_t i = 0; i < per_output; ++i) {
      const std::size_t channel = i / window;
      const std::size_t tap = channel / 2 * window + i % window;
      step.weights[(output * step.taps.size() + tap) * 2 + channel % 2] =
          layer.weights[output * per_output + i];
    }
  }
  return step;
}

IntegerBatchNetwork::Codes IntegerBatchNetwork::load(std::span<const std::uint8_t> images) const {
  const ImageShape& shape = steps_.front().layer.input;
  const std::size_t plane = size(shape.height) * size(shape.width);
  Codes codes(cells_of(shape) * kCell);
  for (std::size_t b = 0; b * pixels_ < images.size(); ++b) {
    for (std::size_t i = 0; i < pixels_; ++i) {
      const std::size_t channel = i / plane;
      const std::size_t cell = channel / 2 * plane + i % plane;
      codes[cell * kCell + 2 * b + channel % 2] = images[b * pixels_ + i];
    }
  }
  return codes;
}

IntegerBatchNetwork::Codes IntegerBatchNetwork::padded(const IntegerLayer& layer,
                                                       const Codes& input) {
  const ImageShape shape = padded_input(layer);
  Codes codes(cells_of(shape) * kCell);
  const std::size_t cells = cells_of(shape) / pairs_of(shape);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t channel = i / kCell / cells * 2 + i % 2;
    if (channel < layer.padding_codes.size()) codes[i] = layer.padding_codes[channel];
  }
  const std::size_t row_codes = size(layer.input.width) * kCell;
  for (std::size_t row = 0; row < pairs_of(shape) * size(layer.input.height); ++row) {
    const std::size_t pair = row / size(layer.input.height);
    const std::size_t y = row % size(layer.input.height) + size(layer.padding);
    const std::size_t to =
        (pair * size(shape.height) + y) * size(shape.width) + size(layer.padding);
    std::copy_n(input.data() + row * row_codes, row_codes, codes.data() + to * kCell);
  }
  return codes;
}

IntegerBatchNetwork::Codes IntegerBatchNetwork::pooled(const IntegerLayer& layer,
                                                       const Codes& input) {
  Codes output(cells_of(layer.output) * kCell);
  const bool max = layer.kind == LayerKind::max_pool;
  over_output(layer, [&](std::size_t cell, std::size_t pair, std::size_t row, std::size_t column) {
    std::int16_t* to = output.data() + cell * kCell;
    std::int32_t sums[2][kLanes] = {};
    for (std::size_t y = 0; y < size(layer.window_height); ++y) {
      for (std::size_t x = 0; x < size(layer.window_width); ++x) {
        const std::size_t at = (pair * size(layer.input.height) + row * size(layer.stride) + y) *
                                   size(layer.input.width) +
                               column * size(layer.stride) + x;
        const std::int16_t* from = input.data() + at * kCell;
        if (max) {
          for (std::size_t i = 0; i < kCell; ++i) to[i] = std::max(to[i], from[i]);
        } else {
          for (std::size_t i = 0; i < kLanes; ++i) sums[0][i] += from[2 * i];
          for (std::size_t i = 0; i < kLanes; ++i) sums[1][i] += from[2 * i + 1];
        }
      }
    }
    if (max) return;
    const kernels::CodeScaling scaling = scaling_of(layer, 0);
    kernels::scale_to_codes(sums[0], scaling, sums[1], scaling, kLanes, to);
  });
  return output;
}

void IntegerBatchNetwork::sum_outputs(const Step& step, const std::int16_t* place,
                                      std::int32_t* sums) {
  kernels::integer_products({.taps = step.taps,
                             .weights = step.weights.data(),
                             .biases = step.biases.data(),
                             .outputs = step.biases.size(),
                             .lanes = kLanes},
                            place, sums);
}

IntegerBatchNetwork::Codes IntegerBatchNetwork::products(const Step& step, const Codes& input) {
  const IntegerLayer& layer = step.layer;
  const std::size_t width = size(padded_input(layer).width);
  const std::size_t rows = size(layer.output.height);
  const std::size_t columns = size(layer.output.width);
  std::vector<std::int32_t> sums(step.biases.size() * kLanes);
  Codes output(cells_of(layer.output) * kCell);
  for (std::size_t place = 0; place < rows * columns; ++place) {
    const std::size_t top = place / columns * size(layer.stride);
    const std::size_t left = place % columns * size(layer.stride);
    sum_outputs(step, input.data() + (top * width + left) * kCell, sums.data());
    for (std::size_t pair = 0; pair < pairs_of(layer.output); ++pair) {
      const std::int32_t* first = sums.data() + 2 * pair * kLanes;
      kernels::scale_to_codes(first, scaling_of(layer, 2 * pair), first + kLanes,
                              scaling_of(layer, 2 * pair + 1), kLanes,
                              output.data() + (pair * rows * columns + place) * kCell);
    }
  }
  return output;
}

void IntegerBatchNetwork::add_logits(const Step& step, const Codes& input, std::size_t images,
                                     std::vector<std::int32_t>& logits) const {
  std::vector<std::int32_t> sums(step.biases.size() * kLanes);
  sum_outputs(step, input.data(), sums.data());
  for (std::size_t b = 0; b < images; ++b) {
    for (std::size_t c = 0; c < classes_; ++c) {
      const std::int32_t sum = sums[c * kLanes + b];
      logits.push_back(step.layer.requantization.empty()
                           ? sum
                           : requantize(sum, step.layer.requantization_of_output(c)));
    }
  }
}

std::vector<std::int32_t> IntegerBatchNetwork::logits(std::span<const std::uint8_t> images) const {
  std::vector<std::int32_t> result;
  result.reserve(images.size() / pixels_ * classes_);
  for (std::size_t begin = 0; begin < images.size(); begin += kLanes * pixels_) {
    const auto batch = images.subspan(begin, std::min(kLanes * pixels_, images.size() - begin));
    Codes codes = load(batch);
    for (const Step& step : steps_) {
      if (step.layer.is_output) {
        add_logits(step, codes, batch.size() / pixels_, result);
      } else if (!step.layer.has_weights()) {
        codes = pooled(step.layer, codes);
      } else if (step.layer.padding > 0) {
        codes = products(step, padded(step.layer, codes));
      } else {
        codes = products(step, codes);
      }
    }
  }
  return result;
}

std::vector<int> IntegerBatchNetwork::predictions(std::span<const std::uint8_t> images) const {
  const std::vector<std::int32_t> all = logits(images);
  std::vector<int> classes;
  for (std::size_t begin = 0; begin < all.size(); begin += classes_) {
    classes.push_back(predicted_class(std::span(all).subspan(begin, classes_)));
  }
  return classes;
}

}  // namespace minima::compress
