// Claims on how networks converge.
#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/claim_tests.h"

namespace minima::analysis {
namespace {

/// Quantities of sizes against the number of parameters, series by series.
template <typename ValueOf>
std::vector<ClaimTest> along_sizes(const Evidence& evidence, const std::string& name, Side claimed,
                                   const ValueOf& value_of) {
  std::vector<ClaimTest> tests;
  for (const SeriesConvergence& series : evidence.convergence.series) {
    std::vector<RankedPair> pairs;
    for (const LevelRegime& level : series.regimes.levels) {
      const std::optional<double> value = value_of(level);
      if (value) pairs.push_back({.x = static_cast<double>(level.parameters), .y = *value});
    }
    auto test =
        trend(pairs, name + ": " + series.dataset + ", " + series.series.name, evidence.settings);
    if (!test) continue;
    test->dataset = series.dataset;
    test->family = series.series.family;
    test->scope = series.series.name;
    test->claimed = claimed;
    test->counted = "sizes";
    tests.push_back(std::move(*test));
  }
  return tests;
}

}  // namespace

std::vector<ClaimTest> small_are_unstable(const Evidence& evidence) {
  return along_sizes(
      evidence, "failures", Side::below, [](const LevelRegime& level) -> std::optional<double> {
        return 1.0 - static_cast<double>(level.learned) / static_cast<double>(level.runs);
      });
}

std::vector<ClaimTest> small_vary_more(const Evidence& evidence) {
  return along_sizes(evidence, "spread", Side::below,
                     [](const LevelRegime& level) { return level.sd_learned; });
}

std::vector<ClaimTest> accuracy_grows(const Evidence& evidence) {
  return along_sizes(evidence, "accuracy", Side::above,
                     [](const LevelRegime& level) -> std::optional<double> {
                       if (level.regime != Regime::learning) return std::nullopt;
                       return level.test_accuracy;
                     });
}

std::vector<ClaimTest> gap_grows(const Evidence& evidence) {
  return along_sizes(evidence, "gap", Side::above,
                     [](const LevelRegime& level) { return level.gap; });
}

std::vector<ClaimTest> shape_hardly_matters(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyConvergence& family : evidence.convergence.families) {
    const auto& enough = family.shape.enough;
    if (!enough || !enough->missing.empty()) continue;
    const auto sd = [&](double share) { return std::sqrt(share) * enough->total_sd; };
    ClaimTest test{.dataset = family.dataset,
                   .family = family.selection.family,
                   .scope = "from P_min on",
                   .statistic = "standard deviation by shape",
                   .effect = sd(enough->shape.value),
                   .low = sd(enough->shape.low),
                   .high = sd(enough->shape.high),
                   .bound = evidence.settings.accuracy_tolerance,
                   .claimed = Side::below,
                   .count = enough->architectures,
                   .counted = "architectures"};
    test.p = p_of_interval(test.effect, *test.low, *test.high, test.bound, evidence.settings);
    tests.push_back(std::move(test));
  }
  return tests;
}

std::vector<ClaimTest> convergence_has_phases(const Evidence& evidence) {
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
    ClaimTest& test = tests.emplace_back(majority(several, all, evidence.settings));
    test.dataset = family.dataset;
    test.family = family.selection.family;
    test.statistic = "share with several phases";
    test.counted = "architectures";
  }
  return tests;
}

std::vector<ClaimTest> failures_lack_gradient(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyConvergence& family : evidence.convergence.families) {
    if (family.diagnoses.empty()) continue;
    const auto stopped = std::ranges::count_if(family.diagnoses, [](const RunDiagnosis& each) {
      return each.diagnosis == Diagnosis::dead_layer ||
             each.diagnosis == Diagnosis::vanishing_gradient;
    });
    ClaimTest& test = tests.emplace_back(
        majority(stopped, static_cast<std::int64_t>(family.diagnoses.size()), evidence.settings));
    test.dataset = family.dataset;
    test.family = family.selection.family;
    test.statistic = "share of dead layers and vanished gradients";
    test.counted = "runs that did not converge";
  }
  return tests;
}

}  // namespace minima::analysis
