#include "compress/integer/integer_batch.h"

#include <algorithm>
#include <utility>

#include "compress/integer/integer_inference.h"

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

kernels::CodeScaling scaling_of(const IntegerLayer& layer, std::size_t output) {
  if (output >= layer.outputs()) return {};  // unused half of the last channel pair
  const Requantization& by = layer.requantization_of_output(output);
  return {.multiplier = by.multiplier, .shift = by.shift, .high = layer.output_high};
}

/// Calls use(cell, pair of channels, row, column) for each cell of a shape.
template <typename Use>
void over_cells(const ImageShape& shape, Use use) {
  std::size_t cell = 0;
  for (std::size_t pair = 0; pair < pairs_of(shape); ++pair) {
    for (std::size_t row = 0; row < size(shape.height); ++row) {
      for (std::size_t column = 0; column < size(shape.width); ++column, ++cell) {
        use(cell, pair, row, column);
      }
    }
  }
}

}  // namespace

IntegerBatchNetwork::IntegerBatchNetwork(const IntegerNetwork& network)
    : image_(network.problem.image), classes_(size(network.problem.classes)) {
  for (const IntegerLayer& layer : network.layers) {
    ImageShape input = layer.input;
    if (steps_.empty() && layer.kind == LayerKind::dense) {
      layout_ = BatchedImages::Layout::pixels_as_channels;
      input = {.channels = static_cast<int>(image_.pixels()), .height = 1, .width = 1};
    }
    steps_.push_back(step_of(layer, input));
  }
  pixels_.resize(cells_of(steps_.front().input) * kCell);
}

IntegerBatchNetwork::Step IntegerBatchNetwork::step_of(const IntegerLayer& layer,
                                                       const ImageShape& input) {
  Step step{.kind = layer.kind,
            .is_output = layer.is_output,
            .input = input,
            .padded = {.channels = input.channels,
                       .height = input.height + 2 * layer.padding,
                       .width = input.width + 2 * layer.padding},
            .output = layer.output,
            .window_height = size(layer.window_height),
            .window_width = size(layer.window_width),
            .stride = size(layer.stride),
            .padding = size(layer.padding)};
  if (layer.kind == LayerKind::dense) {
    step.window_height = size(input.height);
    step.window_width = size(input.width);
  }
  if (layer.is_output) {
    step.requantizations = layer.requantization;
  } else if (layer.kind != LayerKind::max_pool) {
    // Average pooling has one scale for all channels.
    const std::size_t scales = layer.has_weights() ? 2 * pairs_of(layer.output) : 1;
    for (std::size_t o = 0; o < scales; ++o) step.scalings.push_back(scaling_of(layer, o));
  }
  if (!layer.is_output) step.codes.resize(cells_of(layer.output) * kCell);
  if (layer.has_weights()) lay_out_weights(layer, step);
  if (layer.padding > 0) fill_padding(layer, step);
  return step;
}

void IntegerBatchNetwork::lay_out_weights(const IntegerLayer& layer, Step& step) {
  over_cells({.channels = step.padded.channels,
              .height = static_cast<int>(step.window_height),
              .width = static_cast<int>(step.window_width)},
             [&](std::size_t, std::size_t pair, std::size_t y, std::size_t x) {
               const std::size_t row = pair * size(step.padded.height) + y;
               step.taps.push_back((row * size(step.padded.width) + x) * kCell);
             });
  const std::size_t outputs = 2 * pairs_of(layer.output);
  // At least 1 in every layer with weights.
  const std::size_t window = std::max<std::size_t>(step.window_height * step.window_width, 1);
  step.biases = layer.biases;
  step.biases.resize(outputs);
  step.sums.resize(outputs * kLanes);
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
}

void IntegerBatchNetwork::fill_padding(const IntegerLayer& layer, Step& step) {
  step.padded_codes.resize(cells_of(step.padded) * kCell);
  over_cells(step.padded, [&](std::size_t cell, std::size_t pair, std::size_t, std::size_t) {
    for (std::size_t i = 0; i < kCell; ++i) {
      const std::size_t channel = 2 * pair + i % 2;
      if (channel >= layer.padding_codes.size()) continue;
      step.padded_codes[cell * kCell + i] = layer.padding_codes[channel];
    }
  });
}

const IntegerBatchNetwork::Codes& IntegerBatchNetwork::padded(Step& step, const Codes& input) {
  if (step.padding == 0) return input;
  const std::size_t height = size(step.input.height);
  const std::size_t row_codes = size(step.input.width) * kCell;
  const std::int16_t* from = input.data();
  for (std::size_t pair = 0; pair < pairs_of(step.input); ++pair) {
    for (std::size_t y = 0; y < height; ++y, from += row_codes) {
      const std::size_t row = pair * size(step.padded.height) + y + step.padding;
      std::copy_n(
          from, row_codes,
          step.padded_codes.data() + (row * size(step.padded.width) + step.padding) * kCell);
    }
  }
  return step.padded_codes;
}

void IntegerBatchNetwork::pool(Step& step, const Codes& input) {
  const bool max = step.kind == LayerKind::max_pool;
  over_cells(
      step.output, [&](std::size_t cell, std::size_t pair, std::size_t row, std::size_t column) {
        std::int16_t* to = step.codes.data() + cell * kCell;
        if (max) std::fill_n(to, kCell, std::int16_t{0});  // no code is below 0
        std::int32_t sums[2][kLanes] = {};
        for (std::size_t y = 0; y < step.window_height; ++y) {
          for (std::size_t x = 0; x < step.window_width; ++x) {
            const std::size_t at =
                (pair * size(step.input.height) + row * step.stride + y) * size(step.input.width) +
                column * step.stride + x;
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
        const kernels::CodeScaling& scaling = step.scalings.front();
        kernels::scale_to_codes(sums[0], scaling, sums[1], scaling, kLanes, to);
      });
}

void IntegerBatchNetwork::sum_outputs(Step& step, const std::int16_t* place) {
  kernels::integer_products({.taps = step.taps,
                             .weights = step.weights.data(),
                             .biases = step.biases.data(),
                             .outputs = step.biases.size(),
                             .lanes = kLanes},
                            place, step.sums.data());
}

void IntegerBatchNetwork::multiply(Step& step, const Codes& input) {
  const std::size_t width = size(step.padded.width);
  const std::size_t rows = size(step.output.height);
  const std::size_t columns = size(step.output.width);
  for (std::size_t place = 0; place < rows * columns; ++place) {
    const std::size_t top = place / columns * step.stride;
    const std::size_t left = place % columns * step.stride;
    sum_outputs(step, input.data() + (top * width + left) * kCell);
    for (std::size_t pair = 0; pair < pairs_of(step.output); ++pair) {
      const std::int32_t* first = step.sums.data() + 2 * pair * kLanes;
      kernels::scale_to_codes(first, step.scalings[2 * pair], first + kLanes,
                              step.scalings[2 * pair + 1], kLanes,
                              step.codes.data() + (pair * rows * columns + place) * kCell);
    }
  }
}

void IntegerBatchNetwork::take_logits(Step& step, const Codes& input, std::size_t images) {
  sum_outputs(step, input.data());
  logits_.clear();
  for (std::size_t b = 0; b < images; ++b) {
    for (std::size_t c = 0; c < classes_; ++c) {
      const std::int32_t sum = step.sums[c * kLanes + b];
      const auto& by = step.requantizations;
      logits_.push_back(by.empty() ? sum : requantize(sum, by[by.size() == 1 ? 0 : c]));
    }
  }
}

std::span<const std::int32_t> IntegerBatchNetwork::logits(BatchedImages& images,
                                                          std::size_t batch) {
  const std::span<const std::uint8_t> pixels = images.batch(layout_, batch);
  std::copy(pixels.begin(), pixels.end(), pixels_.begin());
  const Codes* codes = &pixels_;
  for (Step& step : steps_) {
    if (step.is_output) {
      take_logits(step, padded(step, *codes), images.images_in(batch));
    } else if (step.weights.empty()) {
      pool(step, *codes);
    } else {
      multiply(step, padded(step, *codes));
    }
    codes = &step.codes;
  }
  return logits_;
}

std::vector<std::int32_t> IntegerBatchNetwork::logits(std::span<const std::uint8_t> images) {
  BatchedImages batched(images, image_);
  std::vector<std::int32_t> all;
  for (std::size_t batch = 0; batch < batched.batches(); ++batch) {
    const auto own = logits(batched, batch);
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

std::vector<int> IntegerBatchNetwork::predictions(std::span<const std::uint8_t> images) {
  const std::vector<std::int32_t> all = logits(images);
  std::vector<int> classes;
  for (std::size_t begin = 0; begin < all.size(); begin += classes_) {
    classes.push_back(predicted_class(std::span(all).subspan(begin, classes_)));
  }
  return classes;
}

}  // namespace minima::compress
