// The effects of pruning and quantization in a study: everything defined in docs/compression.md, in
// one struct.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/compression/pruning.h"
#include "analysis/compression/quantization.h"
#include "analysis/compression/trade_offs.h"
#include "analysis/population/population.h"
#include "record/analysis.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Results for one family on one dataset.
struct FamilyCompression {
  std::string dataset;
  network::Family family = network::Family::dnn;
  std::int64_t runs = 0;  ///< runs that learned and have variants
  std::vector<PruningCurve> pruning;
  std::vector<DepthEffect> depth;
  std::vector<QuantizationCurve> quantization;
  std::vector<SizeEffect> sizes;
};

struct Compression {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;                     ///< recorded runs
  std::vector<FamilyCompression> families;   ///< those with variants
  std::vector<DatasetTradeOffs> trade_offs;  ///< for the datasets with variants
};

/// Empty for a population without variants.
[[nodiscard]] Compression compression_of(const Population& population,
                                         const study::AnalysisSettings& settings);

/// The records for a store: the analyses `pruning`, `quantization` and `trade_offs`, with the
/// tables described in docs/store.md. Empty tables are left out. No records for a population
/// without variants.
[[nodiscard]] std::vector<record::AnalysisRecord> records_of(const Compression& compression,
                                                             const Population& population,
                                                             const std::string& program_version);

}  // namespace minima::analysis
