// The twin of an integer network as frameworks simulate one: real numbers in double precision that
// are rounded to the same grids, with biases that are not rounded at all. What separates the two is
// the rounding of biases, the 31 bits of a requantization, and ties.
//
// From the same input codes, an output code of the two differs by at most
//
//   ceil(factor / 2 + output_high 2^-31 + ulps),   factor = weight scale x input scale / output
//   scale
//
// that is one step wherever the factor is below 2, as the rounded bias is off by half a step of the
// accumulator. A logit differs by at most half a step of the accumulator plus half a step of the
// common scale.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::compress {

/// Real outputs of a layer from real inputs: hidden ones rounded to multiples of the output scale
/// within the range, ties to even; logits as they are.
[[nodiscard]] std::vector<double> simulated_layer_outputs(const IntegerLayer& layer,
                                                          std::span<const double> input);

/// Logits of one image [channels][height][width].
[[nodiscard]] std::vector<double> simulated_logits(const IntegerNetwork& network,
                                                   std::span<const std::uint8_t> image);

}  // namespace minima::compress
