#include "analysis/compression/compression.h"

#include <algorithm>

namespace minima::analysis {
namespace {

FamilyCompression family_of(const CompressedFamily& family,
                            const study::AnalysisSettings& settings) {
  FamilyCompression result{.dataset = family.dataset, .family = family.family};
  result.runs = std::ranges::count_if(
      family.runs, [](const CompressedRun& run) { return !run.variants.empty(); });
  result.pruning = pruning_curves(family, settings);
  result.depth = depth_effects(result.pruning, family, settings);
  result.quantization = quantization_curves(family, settings);
  result.sizes = size_effects(result.quantization, family, settings);
  return result;
}

}  // namespace

Compression compression_of(const Population& population, const study::AnalysisSettings& settings) {
  Compression compression{
      .settings = settings, .runs = recorded_runs(population), .families = {}, .trade_offs = {}};
  if (population.variants.empty()) return compression;
  const std::vector<CompressedFamily> families = compressed_runs_of(population, settings);
  for (const CompressedFamily& family : families) {
    if (family.has_variants()) compression.families.push_back(family_of(family, settings));
  }
  compression.trade_offs = trade_offs_of(population, settings);
  return compression;
}

}  // namespace minima::analysis
