// What pruning and quantization do to the networks of a study: all that docs/compression.md
// defines, in one struct.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/compression/pruning.h"
#include "analysis/compression/quantization.h"
#include "analysis/compression/trade_offs.h"
#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// One family on one dataset.
struct FamilyCompression {
  std::string dataset;
  std::string family;
  std::int64_t runs = 0;  ///< that learned and have variants
  std::vector<PruningCurve> pruning;
  std::vector<DepthEffect> depth;
  std::vector<QuantizationCurve> quantization;
  std::vector<SizeEffect> sizes;
};

struct Compression {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;                     ///< recorded
  std::vector<FamilyCompression> families;   ///< with variants
  std::vector<DatasetTradeOffs> trade_offs;  ///< of the datasets with variants
};

/// Empty for a population without variants.
[[nodiscard]] Compression compression_of(const Population& population,
                                         const study::AnalysisSettings& settings);

/// As a store keeps it: the analyses `pruning`, `quantization` and `trade_offs`, with the tables
/// that docs/store.md describes; a table without rows is left out. No record for a population
/// without variants.
[[nodiscard]] std::vector<store::AnalysisRecord> records_of(const Compression& compression,
                                                            const Population& population,
                                                            const std::string& program_version);

}  // namespace minima::analysis
