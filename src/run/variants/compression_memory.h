// Memory needed for pruning and quantization.
#pragma once

#include <cstdint>
#include <span>

#include "core/shape.h"
#include "engine/backend.h"
#include "run/variants/compression_tasks.h"

namespace minima::run {

/// Parameters and predictions of the networks evaluated together, in floats (64 MB).
inline constexpr std::size_t kChunkFloats = 16'000'000;

/// Upper estimate of the bytes that one worker needs to compress the items of a cohort together.
/// Includes the networks and masks, the training of the networks that train at a time, and the
/// evaluation on `images` validation and test images. Excludes the dataset.
[[nodiscard]] std::uint64_t compression_bytes(const engine::Backend& backend,
                                              std::span<const CompressionItem> cohort,
                                              const Problem& problem, std::int64_t images);

}  // namespace minima::run
