// The reference of an integer network: one image, one loop after the other, exactly as a C program
// is to compute it. integer_batch.h is the same, faster.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compress/integer/integer_network.h"

namespace minima::compress {

/// Codes [features] of a layer's output, or logits, from codes of its input.
[[nodiscard]] std::vector<std::int32_t> integer_layer_outputs(const IntegerLayer& layer,
                                                              std::span<const std::int32_t> input);

/// Logits [classes] of one image [channels][height][width].
[[nodiscard]] std::vector<std::int32_t> integer_logits(const IntegerNetwork& network,
                                                       std::span<const std::uint8_t> image);

/// The first of the largest.
[[nodiscard]] int predicted_class(std::span<const std::int32_t> logits);

}  // namespace minima::compress
