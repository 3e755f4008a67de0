// Claims on harder data. The observations are datasets, because runs and architectures on one
// dataset share its peculiarities.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/claims/claim_protocols.h"
#include "analysis/claims/claim_tests.h"
#include "analysis/compression/whole_curves.h"
#include "analysis/images/difficulty.h"
#include "statistics/fits/isotonic.h"

namespace minima::analysis {
namespace {

/// Values measured on units (architectures, series) and datasets: value[unit][dataset].
using Measured = std::map<std::string, std::map<std::string, double>>;

/// Trend of a quantity with difficulty. The value of a dataset is the mean over the units that were
/// measured on all datasets of the scale. Empty below four datasets.
std::optional<ClaimTest> trend_with_difficulty(const DifficultyScale& scale,
                                               const Measured& measured,
                                               const study::AnalysisSettings& settings,
                                               const std::string& name) {
  std::map<std::string, Moments> means;
  std::int64_t things = 0;
  for (const auto& [thing, values] : measured) {
    const bool everywhere = std::ranges::all_of(
        scale.datasets,
        [&values = values](const auto& dataset) { return values.contains(dataset.name); });
    if (!everywhere) continue;
    ++things;
    for (const DosedDataset& dataset : scale.datasets) {
      means[dataset.name].add(values.at(dataset.name));
    }
  }
  if (things == 0) return std::nullopt;
  std::vector<RankedPair> pairs;
  for (const DosedDataset& dataset : scale.datasets) {
    pairs.push_back({.x = dataset.dose, .y = means[dataset.name].mean()});
  }
  auto test = trend(pairs, name + ": " + scale.name, settings);
  if (!test) return std::nullopt;
  test->dataset = scale.name;
  test->counted = "difficulties";
  return test;
}

/// Losses under the claimed protocol, by family and architecture.
Measured quantization_losses(const Compression& compression) {
  Measured losses;
  for (const FamilyCompression& family : compression.families) {
    const auto protocols = whole_curves(family.quantization);
    std::vector<std::string> names;
    for (const auto& [protocol, curves] : protocols) names.push_back(protocol);
    const auto claimed = protocols.find(claimed_quantization(names));
    if (claimed == protocols.end()) continue;
    for (const QuantizationCurve* curve : claimed->second) {
      const auto loss = loss_at_few_bits(*curve);
      if (loss) losses[curve->architecture][family.dataset] = *loss;
    }
  }
  return losses;
}

}  // namespace

std::vector<ClaimTest> precision_hurts_hard_data(const ClaimEvidence& evidence) {
  const Measured losses = quantization_losses(evidence.compression);
  std::vector<ClaimTest> tests;
  for (const auto& scale : difficulty_scales(evidence.population, evidence.settings)) {
    auto test = trend_with_difficulty(scale, losses, evidence.settings, "hard data");
    if (!test) continue;
    test->statistic = "rank correlation of lost skill with difficulty";
    tests.push_back(std::move(*test));
  }
  return tests;
}

namespace {

/// The x at which a nondecreasing curve first reaches y, interpolated between points. Empty if the
/// curve begins above y or stays below it.
std::optional<double> crossing_of(const std::vector<double>& x, const std::vector<double>& curve,
                                  double y) {
  if (curve.empty() || curve.front() > y) return std::nullopt;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    if (curve[i] < y) continue;
    if (curve[i] == curve[i - 1]) return x[i];
    return x[i - 1] + (x[i] - x[i - 1]) * (y - curve[i - 1]) / (curve[i] - curve[i - 1]);
  }
  return std::nullopt;
}

/// Decades of parameters between a quarter and three quarters of the best skill of the series.
std::optional<double> transition_width(const std::vector<LevelRegime>& levels, double chance) {
  std::vector<double> x;
  std::vector<double> accuracies;
  std::vector<double> weights;
  for (const LevelRegime& level : levels) {
    x.push_back(std::log10(static_cast<double>(level.parameters)));
    accuracies.push_back(level.test_accuracy);
    weights.push_back(static_cast<double>(level.runs));
  }
  if (levels.size() < 4) return std::nullopt;
  const std::vector<double> curve = isotonic_fit(accuracies, weights);
  const double skill = curve.back() - chance;
  const auto quarter = crossing_of(x, curve, chance + 0.25 * skill);
  const auto three = crossing_of(x, curve, chance + 0.75 * skill);
  if (!(skill > 0.0) || !quarter || !three) return std::nullopt;
  return *three - *quarter;
}

}  // namespace

std::vector<ClaimTest> transition_is_sharp(const ClaimEvidence& evidence) {
  Measured widths;
  for (const SizedSeries& series : sized_series(evidence)) {
    const double chance = evidence.population.datasets[series.dataset_index].majority_share;
    const auto width = transition_width(series.regimes->levels, chance);
    if (width) widths[word_text(series.family) + ", " + series.name][series.dataset] = *width;
  }
  std::vector<ClaimTest> tests;
  for (const auto& scale : difficulty_scales(evidence.population, evidence.settings)) {
    auto test = trend_with_difficulty(scale, widths, evidence.settings, "transition");
    if (!test) continue;
    test->statistic = "rank correlation of the transition's width with difficulty";
    test->claimed = Side::below;
    tests.push_back(std::move(*test));
  }
  return tests;
}

}  // namespace minima::analysis
