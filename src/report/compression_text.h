// What pruning and quantization do to the networks of a study, in a few tables.
#pragma once

#include <string>

#include "analysis/compression/compression.h"
#include "report/style.h"

namespace minima::report {

/// For each family on each dataset redundancy and phases of every architecture, redundancy against
/// depth, and the smallest format that is good enough; for each dataset the front of accuracy and
/// bytes, the most accurate first. Empty for a population without variants.
[[nodiscard]] std::string compression_text(const analysis::Compression& compression,
                                           const analysis::Population& population,
                                           const TextStyle& style);

}  // namespace minima::report
