// Logits of 8 bits, as an int8 TensorFlow Lite model gives them.
//
// Inside, such a model computes what minima's integer network computes. Its output has 8 bits only,
// so two logits of minima can fall on the same code, and the first of the two is then predicted.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::deploy {

struct LogitCodes {
  double scale = 1.0;  ///< real logit = scale x (code - zero_point)
  int zero_point = 0;  ///< -128..127
};

/// Codes whose range covers zero and the given logits of the network, which are those of training
/// images. Logits of other images may be clamped.
[[nodiscard]] LogitCodes logit_codes(const compress::IntegerNetwork& network,
                                     std::span<const std::int32_t> logits);

/// The codes -128..127 of all logits [images][classes] for images
/// [images][channels][height][width]. An interpreter of the model gives the same, except that some
/// round ties in another way.
[[nodiscard]] std::vector<std::int32_t> coded_logits(const compress::IntegerNetwork& network,
                                                     const LogitCodes& codes,
                                                     std::span<const std::uint8_t> images);

}  // namespace minima::deploy
