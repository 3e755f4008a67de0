// Runs an integer network on many images at once. Results equal integer_inference.h bit for bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/batched_images.h"
#include "compress/integer/integer_network.h"
#include "kernels/products/integer_products.h"

namespace minima::compress {

/// Keeps its activations between calls, so one object serves one thread.
class IntegerBatchNetwork {
 public:
  explicit IntegerBatchNetwork(const IntegerNetwork& network);

  /// Logits [images][classes] of one batch, valid until the next call. The images have the shape of
  /// the network's problem.
  [[nodiscard]] std::span<const std::int32_t> logits(BatchedImages& images, std::size_t batch);

  /// Logits [images][classes] of images [images][channels][height][width].
  [[nodiscard]] std::vector<std::int32_t> logits(std::span<const std::uint8_t> images);

  /// The class with the largest logit of each image; the first one among equals.
  [[nodiscard]] std::vector<int> predictions(std::span<const std::uint8_t> images);

 private:
  using Codes = std::vector<std::int16_t>;  // [channel pairs][height][width][lanes][2]

  /// A layer in the memory layout of the kernels, and its scratch memory.
  struct Step {
    IntegerLayer::Kind kind = IntegerLayer::Kind::dense;
    bool is_output = false;
    ImageShape input;   // dense: [pixels][1][1] for the first layer
    ImageShape padded;  // input with its padding
    ImageShape output;
    std::size_t window_height = 1;
    std::size_t window_width = 1;
    std::size_t stride = 1;
    std::size_t padding = 0;
    std::vector<std::size_t> taps;
    std::vector<std::int16_t> weights;
    std::vector<std::int32_t> biases;
    std::vector<kernels::CodeScaling> scalings;   // [2 x channel pairs of the output]
    std::vector<Requantization> requantizations;  // of logits; [classes], [1], or none

    Codes padded_codes;  // the padding is filled once
    Codes codes;         // of the output
    std::vector<std::int32_t> sums;
  };

  static Step step_of(const IntegerLayer& layer, const ImageShape& input);
  static void lay_out_weights(const IntegerLayer& layer, Step& step);
  static void fill_padding(const IntegerLayer& layer, Step& step);
  static const Codes& padded(Step& step, const Codes& input);
  static void pool(Step& step, const Codes& input);
  static void multiply(Step& step, const Codes& input);
  static void sum_outputs(Step& step, const std::int16_t* place);
  void take_logits(Step& step, const Codes& input, std::size_t images);

  ImageShape image_;
  std::size_t classes_ = 0;
  BatchedImages::Layout layout_ = BatchedImages::Layout::channels;
  std::vector<Step> steps_;
  Codes pixels_;
  std::vector<std::int32_t> logits_;
};

}  // namespace minima::compress
