// The memory of the analyses, checked before it is taken.
#pragma once

#include <cstdint>
#include <string>

#include "run/compress/compression_estimate.h"
#include "run/estimate/estimate.h"
#include "store/store.h"

namespace minima::cli {

/// Bytes that the whole program takes while it analyses what a study plans, with its datasets in
/// memory. Input error at `file` when that is more than `limit` (0: none).
[[nodiscard]] double analysis_bytes_within(const run::Estimate& cost,
                                           const run::CompressionEstimate& compression,
                                           std::uint64_t limit, const std::string& file);

/// Why the analyses of a store cannot be made within `limit` bytes (0: none); empty: they can.
[[nodiscard]] std::string too_large_to_analyse(const store::Reader& reader, std::uint64_t limit);

/// Input error at the store when its analyses need more memory than `limit` (0: none).
void check_analyses_fit(const store::Reader& reader, const std::string& store, std::uint64_t limit);

}  // namespace minima::cli
