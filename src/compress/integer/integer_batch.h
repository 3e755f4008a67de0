// Runs an integer network on many images at once. Results equal integer_inference.h bit for bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::compress {

class IntegerBatchNetwork {
 public:
  explicit IntegerBatchNetwork(const IntegerNetwork& network);

  /// Logits [images][classes] of images [images][channels][height][width].
  [[nodiscard]] std::vector<std::int32_t> logits(std::span<const std::uint8_t> images) const;

  /// The class with the largest logit of each image; the first one among equals.
  [[nodiscard]] std::vector<int> predictions(std::span<const std::uint8_t> images) const;

 private:
  using Codes = std::vector<std::int16_t>;  // [channel pairs][height][width][lanes][2]

  /// A layer in the memory layout of the kernels.
  struct Step {
    IntegerLayer layer;  // its weights are in `weights`
    std::vector<std::size_t> taps;
    std::vector<std::int16_t> weights;
    std::vector<std::int32_t> biases;
  };

  static Step prepared(const IntegerLayer& layer);
  [[nodiscard]] Codes load(std::span<const std::uint8_t> images) const;
  static Codes padded(const IntegerLayer& layer, const Codes& input);
  static Codes pooled(const IntegerLayer& layer, const Codes& input);
  static Codes products(const Step& step, const Codes& input);
  static void sum_outputs(const Step& step, const std::int16_t* place, std::int32_t* sums);
  void add_logits(const Step& step, const Codes& input, std::size_t images,
                  std::vector<std::int32_t>& logits) const;

  std::size_t pixels_ = 0;
  std::size_t classes_ = 0;
  std::vector<Step> steps_;
};

}  // namespace minima::compress
