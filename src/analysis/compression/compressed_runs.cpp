#include "analysis/compression/compressed_runs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/population/diagnosis.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/variant.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

using VariantsOfRuns = std::map<std::string, std::vector<const record::Variant*>>;

VariantsOfRuns variants_of_runs(const Population& population) {
  VariantsOfRuns variants;
  for (const record::VariantRow& row : population.variants) {
    variants[row.run_id].push_back(&row.variant);
  }
  return variants;
}

/// `protocol_of` returns nullopt for a variant that belongs to no curve.
template <typename ProtocolOf>
RunsOfCurves curves_of(const CompressedFamily& family, const ProtocolOf& protocol_of) {
  RunsOfCurves curves;
  for (const auto& [run, variants] : family.runs) {
    for (const record::Variant* variant : variants) {
      const std::string* protocol = protocol_of(*variant);
      if (protocol == nullptr) continue;
      auto& runs = curves[{run->parameters, run->architecture, *protocol, variant->tensor}];
      if (runs.empty() || runs.back().run != run) runs.push_back({run, {}});
      runs.back().variants.push_back(variant);
    }
  }
  return curves;
}

}  // namespace

namespace {

double accuracy_or_chance(const record::RunRow& run, double chance) {
  const double accuracy = run.result.test_accuracy;
  return std::isfinite(accuracy) ? accuracy : chance;
}

/// Per dataset, the best mean test accuracy of an architecture of any family.
std::vector<double> best_accuracies(const Population& population,
                                    const std::vector<Selection>& selections) {
  std::vector<double> best(population.datasets.size(), 0.0);
  for (const Selection& selection : selections) {
    std::map<std::string, Moments> architectures;
    const double chance = population.datasets[selection.dataset].majority_share;
    for (const std::size_t index : selection.runs) {
      const record::RunRow& run = population.runs[index];
      architectures[run.architecture].add(accuracy_or_chance(run, chance));
    }
    for (const auto& [architecture, accuracies] : architectures) {
      best[selection.dataset] = std::max(best[selection.dataset], accuracies.mean());
    }
  }
  return best;
}

/// Runs of the selection that reach `bar`, in an architecture most of whose runs do.
std::set<const record::RunRow*> stable_runs(const Population& population,
                                            const Selection& selection, double bar) {
  std::map<std::string, Moments> reached;
  const auto reaches = [&](const record::RunRow& run) {
    return run.result.test_accuracy >= bar;  // false for NaN
  };
  for (const std::size_t index : selection.runs) {
    const record::RunRow& run = population.runs[index];
    reached[run.architecture].add(reaches(run) ? 1.0 : 0.0);
  }
  std::set<const record::RunRow*> stable;
  for (const std::size_t index : selection.runs) {
    const record::RunRow& run = population.runs[index];
    if (reaches(run) && reached[run.architecture].mean() > 0.5) stable.insert(&run);
  }
  return stable;
}

}  // namespace

double CompressedFamily::skill_loss(const record::RunRow& run,
                                    const record::Variant& variant) const {
  const double dense = run.result.test_accuracy;
  return (dense - accuracy_of(variant)) / (dense - majority_share);
}

bool CompressedFamily::has_variants() const {
  return std::ranges::any_of(runs, [](const CompressedRun& run) { return !run.variants.empty(); });
}

double CompressedFamily::accuracy_of(const record::Variant& variant) const {
  return std::isfinite(variant.test_accuracy) ? variant.test_accuracy : majority_share;
}

std::vector<CompressedFamily> compressed_runs_of(const Population& population,
                                                 const study::AnalysisSettings& settings) {
  const std::vector<std::size_t> failed = not_converged(population, settings);
  VariantsOfRuns variants = variants_of_runs(population);
  const std::vector<Selection> selections = selections_of(population);
  const std::vector<double> best = best_accuracies(population, selections);
  std::vector<CompressedFamily> families;
  for (const Selection& selection : selections) {
    const record::DatasetRecord& dataset = population.datasets[selection.dataset];
    const auto images = static_cast<double>(std::max<std::int64_t>(dataset.test_count, 1));
    CompressedFamily family{
        dataset.name, selection.family, dataset.majority_share, 0.5 / images, images, {}, {}};
    const double skill = best[selection.dataset] - dataset.majority_share;
    const double bar = dataset.majority_share + settings.stable_skill * skill;
    family.stable = stable_runs(population, selection, bar);
    for (const std::size_t index : selection.runs) {
      if (std::ranges::binary_search(failed, index)) continue;
      const record::RunRow& run = population.runs[index];
      family.runs.push_back({&run, std::move(variants[run.id])});
    }
    if (!family.runs.empty()) families.push_back(std::move(family));
  }
  return families;
}

RunsOfCurves runs_of_pruning_curves(const CompressedFamily& family) {
  return curves_of(family, [](const record::Variant& variant) {
    return !variant.pruning.empty() && variant.quantization.empty() ? &variant.pruning : nullptr;
  });
}

RunsOfCurves runs_of_quantization_curves(const CompressedFamily& family) {
  return curves_of(family, [](const record::Variant& variant) {
    return variant.pruning.empty() && !variant.quantization.empty() ? &variant.quantization
                                                                    : nullptr;
  });
}

}  // namespace minima::analysis
