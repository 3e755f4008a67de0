// Converts a trained network and the ranges of its activations to an integer network.
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

/// A trained network in floating point.
struct TrainedNetwork {
  network::Architecture architecture;
  Problem problem;
  /// All parameters, in the order of the tensors (network/graph.h).
  std::span<const float> parameters;
  /// 0: pruned. One element per parameter, or empty. Masks of biases are ignored: a pruned bias is
  /// 0.
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
    family,             ///< vision transformers: softmax and layer norm have no integer arithmetic
    activation,         ///< a hidden layer's activation is not ReLU (codes clamped at zero)
    weight_format,      ///< floating point; or int16 affine, whose weights need 17 bits
    activation_format,  ///< none of int16..int2
    not_finite,         ///< a parameter or range is NaN or infinite
    accumulator,        ///< sum |weight| x largest code + |bias| may reach 2^31
    scale,              ///< a ratio of two scales is 2^30 or more
  };
  std::optional<IntegerNetwork> network;
  Refusal refusal = Refusal::none;
  std::string reason;  ///< one readable line with the layer's name; empty without a refusal
};

/// `output_ranges`: the range of each layer's outputs (after its activation) over training images.
/// The ranges of max pooling and of the last layer are ignored.
///
/// The first layer reads raw pixels, so pixel scaling is folded into it. The weights of channel c
/// are multiplied by pixel_scale[c] / max pixel_scale before quantization, and the sums of the
/// shifts are added to the biases. Padding then has the pixel code nearest to zero, -shift / scale,
/// which is exactly zero if there is no shift.
///
/// Biases are rounded to multiples of weight scale x input scale. If all weights are zero, the
/// weight scale is chosen so that a bias has 2^20 steps. A layer whose output range is zero keeps
/// the scale of its accumulators.
///
/// Throws std::invalid_argument for spans that do not fit the architecture.
[[nodiscard]] IntegerBuild build_integer_network(const TrainedNetwork& trained,
                                                 std::span<const Range> output_ranges,
                                                 const IntegerSettings& settings);

}  // namespace minima::compress
