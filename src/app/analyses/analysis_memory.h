// Checks the memory needed by the analyses before it is allocated.
#pragma once

#include <cstdint>
#include <string>

#include "run/compress/compression_estimate.h"
#include "run/estimate/estimate.h"
#include "store/store.h"

namespace minima::app {

/// Bytes that the whole program needs to analyze the results of a planned study, with its datasets
/// in memory. Input error at `file` if that exceeds `limit` (0: unlimited).
[[nodiscard]] double analysis_bytes_within(const run::Estimate& cost,
                                           const run::CompressionEstimate& compression,
                                           std::uint64_t limit, const std::string& file);

/// Why the analyses of a store do not fit into `limit` bytes (0: unlimited); empty: they fit.
[[nodiscard]] std::string too_large_to_analyse(const store::Reader& reader, std::uint64_t limit);

/// Input error at the store if its analyses need more memory than `limit` (0: unlimited).
void check_analyses_fit(const store::Reader& reader, const std::string& store, std::uint64_t limit);

}  // namespace minima::app
