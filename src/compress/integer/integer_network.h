// A network in integer arithmetic only, as a deployed C program computes it. Plain data.
//
// Activations are codes 0..high with zero point 0: pixels are their own codes, and all later
// activations are outputs of a ReLU. A product layer (dense, convolution) computes
//
//   accumulator = bias + sum weight x code                             32 bits, cannot overflow
//   output      = min(max(requantize(accumulator), 0), output_high)    the max is the ReLU
//
// The last layer returns its accumulators as logits. If its output channels have different scales,
// the accumulators are requantized to one common scale first. The predicted class is the first one
// with the largest logit. Average pooling requantizes the sum of its window; max pooling takes the
// largest code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/integer/requantization.h"
#include "compress/quantize/quantizer.h"
#include "core/shape.h"

namespace minima::compress {

struct IntegerLayer {
  enum class Kind { dense, convolution, max_pool, average_pool };

  /// The real values that the integers represent; not used in the arithmetic.
  struct Reals {
    double input_scale = 1.0;           ///< real = code x scale
    double output_scale = 1.0;          ///< scale of output codes or logits
    std::vector<double> weight_scales;  ///< [outputs]
    std::vector<double> biases;         ///< [outputs], before rounding
  };

  std::string name;  ///< name of the layer in network/graph.h
  Kind kind = Kind::dense;
  ImageShape input;   ///< dense: any shape, flattened channel by channel
  ImageShape output;  ///< dense: [outputs][1][1]
  int window_height = 1;
  int window_width = 1;
  int stride = 1;
  int padding = 0;
  /// [input.channels]: the code of padding pixels; empty without padding.
  std::vector<std::int16_t> padding_codes;

  /// code - zero point: [outputs][input features], or [filters][channels][k][k].
  std::vector<std::int16_t> weights;
  std::vector<std::int32_t> weight_zero_points;  ///< [outputs]; all 0 for symmetric weights
  std::vector<std::int32_t> biases;              ///< [outputs]
  /// [outputs], or [1] for all outputs. Empty for logits that are the accumulators.
  std::vector<Requantization> requantization;
  bool is_output = false;        ///< outputs are logits: no ReLU, no clamping
  std::int32_t output_high = 0;  ///< largest output code
  Reals reals;

  [[nodiscard]] bool has_weights() const {
    return kind == Kind::dense || kind == Kind::convolution;
  }
  [[nodiscard]] std::size_t outputs() const { return static_cast<std::size_t>(output.channels); }
  [[nodiscard]] std::size_t weights_per_output() const {
    return outputs() == 0 ? 0 : weights.size() / outputs();
  }
  [[nodiscard]] const Requantization& requantization_of_output(std::size_t output_channel) const {
    return requantization[requantization.size() == 1 ? 0 : output_channel];
  }
};

struct IntegerNetwork {
  Problem problem;
  QuantizerSettings weights;
  NumberFormat activations = NumberFormat::int8;
  std::vector<IntegerLayer> layers;  ///< from input to logits
};

}  // namespace minima::compress
