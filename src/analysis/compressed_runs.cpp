#include "analysis/compressed_runs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/diagnosis.h"

namespace minima::analysis {
namespace {

using VariantsOfRuns = std::map<std::string, std::vector<const store::Variant*>>;

VariantsOfRuns variants_of_runs(const Population& population) {
  VariantsOfRuns variants;
  for (const store::VariantRow& row : population.variants) {
    variants[row.run_id].push_back(&row.variant);
  }
  return variants;
}

/// `protocol_of` gives nothing for a variant that belongs to no series.
template <typename ProtocolOf>
VariantSeries series_of(const CompressedFamily& family, const ProtocolOf& protocol_of) {
  VariantSeries series;
  for (const auto& [run, variants] : family.runs) {
    for (const store::Variant* variant : variants) {
      const std::string* protocol = protocol_of(*variant);
      if (protocol == nullptr) continue;
      auto& runs = series[{run->parameters, run->architecture, *protocol, variant->tensor}];
      if (runs.empty() || runs.back().run != run) runs.push_back({run, {}});
      runs.back().variants.push_back(variant);
    }
  }
  return series;
}

}  // namespace

bool CompressedFamily::has_variants() const {
  return std::ranges::any_of(runs, [](const CompressedRun& run) { return !run.variants.empty(); });
}

double CompressedFamily::accuracy_of(const store::Variant& variant) const {
  return std::isfinite(variant.test_accuracy) ? variant.test_accuracy : majority_share;
}

std::vector<CompressedFamily> compressed_runs_of(const Population& population,
                                                 const study::AnalysisSettings& settings) {
  const std::vector<std::size_t> failed = not_converged(population, settings);
  VariantsOfRuns variants = variants_of_runs(population);
  std::vector<CompressedFamily> families;
  for (const Selection& selection : selections_of(population)) {
    const store::DatasetRecord& dataset = population.datasets[selection.dataset];
    const auto images = static_cast<double>(std::max<std::int64_t>(dataset.test_count, 1));
    CompressedFamily family{
        dataset.name, selection.family, dataset.majority_share, 0.5 / images, {}};
    for (const std::size_t index : selection.runs) {
      if (std::ranges::binary_search(failed, index)) continue;
      const store::RunRow& run = population.runs[index];
      family.runs.push_back({&run, std::move(variants[run.id])});
    }
    if (!family.runs.empty()) families.push_back(std::move(family));
  }
  return families;
}

VariantSeries pruning_series(const CompressedFamily& family) {
  return series_of(family, [](const store::Variant& variant) {
    return !variant.pruning.empty() && variant.quantization.empty() ? &variant.pruning : nullptr;
  });
}

VariantSeries quantization_series(const CompressedFamily& family) {
  return series_of(family, [](const store::Variant& variant) {
    return variant.pruning.empty() && !variant.quantization.empty() ? &variant.quantization
                                                                    : nullptr;
  });
}

}  // namespace minima::analysis
