// From a trained network and the ranges of its activations to a network in integers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compress/integer/integer_network.h"
#include "compress/quantize/clipping.h"
#include "core/shape.h"
#include "network/notation/architecture.h"

namespace minima::compress {

/// A network as it was trained.
struct TrainedNetwork {
  network::Architecture architecture;
  Problem problem;
  /// One array in the order of its tensors (network/graph.h).
  std::span<const float> parameters;
  /// 0: pruned; one for each parameter, or empty. Masks of biases are ignored: a pruned bias is 0.
  std::span<const std::uint8_t> mask;
  /// value = byte * pixel_scale[channel] + pixel_shift[channel].
  std::span<const float> pixel_scale;
  std::span<const float> pixel_shift;
};

struct IntegerSettings {
  QuantizerSettings weights{.granularity = Granularity::output_channel};
  NumberFormat activations = NumberFormat::int8;
};

struct IntegerBuild {
  enum class Refusal {
    none,
    family,             ///< vision transformers: softmax and layer norm are no sums of products
    activation,         ///< a hidden layer's activation is not the clamping of codes at zero (ReLU)
    weight_format,      ///< floating point, or int16 affine, whose weights need 17 bits
    activation_format,  ///< not one of int16..int2
    not_finite,         ///< a parameter or range that is NaN or infinite
    accumulator,        ///< sum |weight| x largest code + |bias| may reach 2^31
    scale,              ///< a factor between scales of 2^30 or more
  };
  std::optional<IntegerNetwork> network;
  Refusal refusal = Refusal::none;
  std::string reason;  ///< one line for people, with the layer's name; empty where there is none
};

/// `output_ranges`: of the outputs of each layer of the network (after its activation), from
/// training images; those of max pooling and of the last layer are not looked at.
///
/// The input of the first layer are the pixels. Their scaling goes into it: weights of channel c
/// are multiplied by pixel_scale[c] / max pixel_scale before they are quantized, biases get what
/// the shifts add up to. Padding then is the pixel nearest to zero, -shift / scale, which is zero
/// itself where nothing is shifted.
///
/// Biases are rounded to multiples of weight scale x input scale. Without a weight other than zero,
/// the scale is that of a bias of 2^20 steps. A layer whose range is zero keeps the scale of its
/// accumulators.
///
/// Throws std::invalid_argument for spans that do not fit the architecture.
[[nodiscard]] IntegerBuild build_integer_network(const TrainedNetwork& trained,
                                                 std::span<const Range> output_ranges,
                                                 const IntegerSettings& settings);

}  // namespace minima::compress
