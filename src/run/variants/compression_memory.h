// What pruning and quantization take in memory.
#pragma once

#include <cstdint>
#include <span>

#include "core/shape.h"
#include "run/variants/compression_tasks.h"

namespace minima::run {

/// Parameters and predictions of the networks that are evaluated at a time: 64 MB.
inline constexpr std::size_t kChunkFloats = 16'000'000;

/// Bytes that one worker needs to compress the items of one cohort together, the dataset left out:
/// their networks and masks, the training of those that are trained at a time, and the evaluation
/// on `images` validation and test images. An upper estimate.
[[nodiscard]] std::uint64_t compression_bytes(std::span<const CompressionItem> cohort,
                                              const Problem& problem, std::int64_t images);

}  // namespace minima::run
