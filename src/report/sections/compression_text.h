// The effects of pruning and quantization on the networks of a study, as tables.
#pragma once

#include <string>

#include "analysis/compression/compression.h"
#include "report/text/style.h"

namespace minima::report {

/// For each family on each dataset: redundancy and phases of every architecture, redundancy by
/// depth, and the smallest format that is good enough. For each dataset: the Pareto front of
/// accuracy and bytes, the most accurate network first. Empty for a population without variants.
[[nodiscard]] std::string compression_text(const analysis::Compression& compression,
                                           const analysis::Population& population,
                                           const TextStyle& style);

}  // namespace minima::report
