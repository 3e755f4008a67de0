// Claims on how networks converge.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/claims/claim_tests.h"
#include "record/run_row.h"
#include "statistics/estimates/mean_estimate.h"

namespace minima::analysis {
namespace {

std::string subject_of_series(const std::string& name, const SizedSeries& series) {
  return name + ": " + series.dataset + ", " + word_text(series.family) + ", " + series.name;
}

ClaimTest placed(ClaimTest test, const SizedSeries& series) {
  test.dataset = series.dataset;
  test.family = series.family;
  test.scope = series.name;
  return test;
}

ClaimTest placed(ClaimTest test, const FamilyConvergence& family) {
  test.dataset = family.dataset;
  test.family = family.selection.family;
  return test;
}

/// Pairs of the number of parameters and `value_of` for the sizes of a series.
template <typename ValueOf>
std::vector<RankedPair> sizes_of(const SizedSeries& series, const ValueOf& value_of) {
  std::vector<RankedPair> pairs;
  for (const LevelRegime& level : series.regimes->levels) {
    const std::optional<double> value = value_of(level);
    if (value) pairs.push_back({.x = static_cast<double>(level.parameters), .y = *value});
  }
  return pairs;
}

template <typename ValueOf>
std::vector<ClaimTest> along_sizes(const ClaimEvidence& evidence, const std::string& name,
                                   Side claimed, const ValueOf& value_of) {
  std::vector<ClaimTest> tests;
  for (const SizedSeries& series : sized_series(evidence)) {
    auto test =
        trend(sizes_of(series, value_of), subject_of_series(name, series), evidence.settings);
    if (!test) continue;
    test->claimed = claimed;
    test->counted = "sizes";
    tests.push_back(placed(std::move(*test), series));
  }
  return tests;
}

}  // namespace

std::vector<ClaimTest> small_are_unstable(const ClaimEvidence& evidence) {
  return along_sizes(
      evidence, "failures", Side::below, [](const LevelRegime& level) -> std::optional<double> {
        return 1.0 - static_cast<double>(level.learned) / static_cast<double>(level.runs);
      });
}

std::vector<ClaimTest> small_vary_more(const ClaimEvidence& evidence) {
  return along_sizes(evidence, "spread", Side::below,
                     [](const LevelRegime& level) { return level.sd_learned; });
}

std::vector<ClaimTest> gap_grows(const ClaimEvidence& evidence) {
  return along_sizes(evidence, "gap", Side::above,
                     [](const LevelRegime& level) { return level.gap; });
}

std::vector<ClaimTest> accuracy_grows(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const SizedSeries& series : sized_series(evidence)) {
    std::vector<RankedPair> pairs = sizes_of(
        series, [](const LevelRegime& level) { return std::optional(level.test_accuracy); });
    for (RankedPair& pair : pairs) pair.x = std::log10(pair.x);
    auto test = median_slope(pairs, subject_of_series("accuracy", series), evidence.settings);
    if (!test) continue;
    test->statistic = "accuracy per tenfold parameters";
    test->counted = "sizes";
    tests.push_back(placed(std::move(*test), series));
  }
  return tests;
}

namespace {

/// Whether the intervals of both boundaries show all three regimes in their order.
bool shows_three_regimes(const Regimes& regimes) {
  const SizeEstimate& stable = regimes.stable_from;
  const SizeEstimate& over = regimes.overfitting_from;
  if (!stable.has_interval || !over.has_interval) return false;
  if (!stable.low || !stable.high || !over.low || !over.high) return false;
  return *stable.low > regimes.levels.front().parameters && *stable.high < *over.low;
}

}  // namespace

std::vector<ClaimTest> regimes_in_order(const ClaimEvidence& evidence) {
  // A series takes part if it could show all regimes: three sizes, and test losses over epochs.
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> series_of_dataset;
  for (const SizedSeries& series : sized_series(evidence)) {
    if (series.regimes->levels.size() < 3 || !series.regimes->loss_known) continue;
    auto& [shown, all] = series_of_dataset[series.dataset];
    ++all;
    shown += shows_three_regimes(*series.regimes) ? 1 : 0;
  }
  std::vector<ClaimTest> tests;
  for (const auto& [dataset, counts] : series_of_dataset) {
    ClaimTest& test = tests.emplace_back(fraction(counts.first, counts.second, evidence.settings));
    test.dataset = dataset;
    test.statistic = "fraction of series with all three regimes";
    test.counted = "series";
  }
  return tests;
}

std::vector<ClaimTest> convergence_has_phases(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyConvergence& family : evidence.convergence.families) {
    std::int64_t all = 0;
    std::int64_t several = 0;
    for (const ArchitecturePhases& phases : family.phases) {
      const auto epochs = static_cast<int>(phases.loss.epochs.size());
      if (phases.convergence.runs == 0 || epochs < 2 * evidence.settings.phase_epochs) continue;
      std::set<Phase> names;
      for (const CurvePiece& piece : phases.loss.pieces) names.insert(piece.phase);
      ++all;
      if (names.size() > 1) ++several;
    }
    if (all == 0) continue;
    ClaimTest test = fraction(several, all, evidence.settings);
    test.statistic = "fraction with several phases";
    test.counted = "architectures";
    tests.push_back(placed(std::move(test), family));
  }
  return tests;
}

std::vector<ClaimTest> failures_lack_gradient(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyConvergence& family : evidence.convergence.families) {
    // Runs of one architecture tend to fail in the same way, so architectures are counted.
    std::map<std::string, Moments> stopped;
    for (const RunDiagnosis& each : family.diagnoses) {
      const bool lacks = each.diagnosis == Diagnosis::dead_layer ||
                         each.diagnosis == Diagnosis::vanishing_gradient;
      stopped[evidence.population.runs[each.run].architecture].add(lacks ? 1.0 : 0.0);
    }
    if (stopped.empty()) continue;
    Moments fractions;
    for (const auto& [architecture, moments] : stopped) fractions.add(moments.mean());
    const MeanEstimate mean = estimate_of(fractions, evidence.settings.confidence);
    ClaimTest test{.statistic = "fraction of failed runs without gradient",
                   .effect = mean.mean,
                   .count = fractions.count(),
                   .counted = "architectures with failed runs"};
    if (mean.low && mean.high) {
      test.low = std::clamp(*mean.low, 0.0, 1.0);
      test.high = std::clamp(*mean.high, 0.0, 1.0);
    }
    tests.push_back(placed(std::move(test), family));
  }
  return tests;
}

// ---- fluctuation of the loss -----------------------------------------------------------------

namespace {

constexpr std::size_t kFewestEpochs = 5;

/// Mean rise of ln(training loss) from epoch to epoch; 0 for a loss that never rises. Empty for a
/// run without enough finite losses.
std::optional<double> roughness_of(const record::RunRow& run) {
  const auto& history = run.result.history;
  if (history.size() < kFewestEpochs) return std::nullopt;
  double rises = 0.0;
  for (std::size_t i = 1; i < history.size(); ++i) {
    const double before = history[i - 1].train_loss;
    const double after = history[i].train_loss;
    if (!(before > 0.0) || !(after > 0.0) || !std::isfinite(before + after)) return std::nullopt;
    rises += std::max(0.0, std::log(after / before));
  }
  return rises / static_cast<double>(history.size() - 1);
}

/// Failure (0 or 1) and roughness of runs, by architecture.
std::vector<RankedPair> roughness_by_failure(const ClaimEvidence& evidence,
                                             const FamilyConvergence& family) {
  std::vector<RankedPair> pairs;
  if (!family.groups.defined) return pairs;
  for (std::size_t i = 0; i < family.selection.runs.size(); ++i) {
    const auto& group = family.groups.groups[i];
    const record::RunRow& run = evidence.population.runs[family.selection.runs[i]];
    const bool is_high = group == AccuracyGroup::high;
    const bool is_failed = group == AccuracyGroup::low || group == AccuracyGroup::non;
    const auto roughness = roughness_of(run);
    if (!roughness || !(is_high || is_failed)) continue;
    pairs.push_back({is_failed ? 1.0 : 0.0, *roughness, run.architecture});
  }
  return pairs;
}

}  // namespace

std::vector<ClaimTest> failed_losses_fluctuate(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyConvergence& family : evidence.convergence.families) {
    auto test = trend(roughness_by_failure(evidence, family),
                      "fluctuation: " + family.dataset + ", " + word_text(family.selection.family),
                      evidence.settings);
    if (!test) continue;
    test->statistic = "rank correlation of the rises of the loss with failure";
    test->counted = "runs of architectures with both";
    tests.push_back(placed(std::move(*test), family));
  }
  return tests;
}

}  // namespace minima::analysis
