// Reference implementation of integer inference: one image, plain loops, exactly as the exported C
// program computes it. integer_batch.h computes the same faster.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::compress {

/// The output codes [features] of a layer, or logits, from its input codes.
[[nodiscard]] std::vector<std::int32_t> integer_layer_outputs(const IntegerLayer& layer,
                                                              std::span<const std::int32_t> input);

/// Logits [classes] of one image [channels][height][width].
[[nodiscard]] std::vector<std::int32_t> integer_logits(const IntegerNetwork& network,
                                                       std::span<const std::uint8_t> image);

/// The class with the largest logit; the first one among equals.
[[nodiscard]] int predicted_class(std::span<const std::int32_t> logits);

}  // namespace minima::compress
