// Simulates an integer network as deep-learning frameworks do: in double precision, with values
// rounded to the same grids and biases left unrounded. The two differ by the rounding of biases,
// the 31-bit requantization factors, and ties.
//
// From the same input codes, the output codes of the two differ by at most
//
//   ceil(factor / 2 + output_high 2^-31 + ulps),
//   factor = weight scale x input scale / output scale
//
// This is one step if the factor is below 2, because the rounded bias is off by at most half a step
// of the accumulator. Logits differ by at most half a step of the accumulator plus half a step of
// the common scale.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::compress {

/// Real outputs of a layer from real inputs. Outputs of hidden layers are rounded to multiples of
/// the output scale within the range, ties to even; logits are not rounded.
[[nodiscard]] std::vector<double> simulated_layer_outputs(const IntegerLayer& layer,
                                                          std::span<const double> input);

/// Logits of one image [channels][height][width].
[[nodiscard]] std::vector<double> simulated_logits(const IntegerNetwork& network,
                                                   std::span<const std::uint8_t> image);

}  // namespace minima::compress
