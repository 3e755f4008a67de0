// The claims of the two papers, one function each. docs/findings.md has the definitions.
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "analysis/findings.h"
#include "core/normal_score.h"
#include "core/student_t.h"

namespace minima::analysis {
namespace {

constexpr const char* kPaperL = "arXiv 2408.11720";
constexpr const char* kPaperM = "arXiv 2601.17987";

// ---- statistics ------------------------------------------------------------------------------

double two_sided_score(double confidence) {
  return normal_score((1.0 - confidence) / 2);
}

/// The interval of a rank correlation by Fieller (1957): normal on the scale of artanh.
void add_interval(ClaimTest& test, double confidence) {
  if (test.count < 4) return;
  const double z = std::atanh(std::clamp(test.effect, -0.9999, 0.9999));
  const double half =
      two_sided_score(confidence) * std::sqrt(1.06 / (static_cast<double>(test.count) - 3.0));
  test.low = std::tanh(z - half);
  test.high = std::tanh(z + half);
}

/// Rank correlation of y with x.
std::optional<ClaimTest> trend(const std::vector<RankedPair>& pairs, const std::string& subject,
                               const study::AnalysisSettings& settings) {
  // With fewer than four no order is rare enough to mean anything.
  if (pairs.size() < 4) return std::nullopt;
  const auto found = rank_correlation(
      pairs, settings.bootstrap_samples,
      RandomStream(settings.seed, subject_of("finding: " + subject), Purpose::bootstrap));
  if (!found) return std::nullopt;
  ClaimTest test{.statistic = "rank correlation",
                 .effect = found->rho,
                 .count = static_cast<std::int64_t>(found->observations),
                 .p = found->p};
  add_interval(test, settings.confidence);
  return test;
}

/// A share against one half: exact, two-sided by doubling the smaller tail.
ClaimTest majority(std::int64_t yes, std::int64_t all, const study::AnalysisSettings& settings) {
  const double one_side = (1.0 + settings.confidence) / 2;
  const double tail =
      std::min(binomial_upper_tail(yes, all, 0.5), binomial_upper_tail(all - yes, all, 0.5));
  return {.effect = static_cast<double>(yes) / static_cast<double>(all),
          .low = 1.0 - binomial_upper_limit(all - yes, all, one_side),
          .high = binomial_upper_limit(yes, all, one_side),
          .bound = 0.5,
          .count = all,
          .p = std::min(1.0, 2 * tail)};
}

/// What an interval says of a bound, if the error is normal with the width that it has on the side
/// of the bound. No smaller than the resampling behind the interval can show.
double p_of_interval(double effect, double low, double high, double bound,
                     const study::AnalysisSettings& settings) {
  const double z = two_sided_score(settings.confidence);
  const double error = (effect < bound ? high - effect : effect - low) / z;
  const double least = 1.0 / (settings.bootstrap_samples + 1);
  if (error <= 0.0) return effect == bound ? 1.0 : least;
  return std::max(least, std::erfc(std::abs(effect - bound) / error / std::numbers::sqrt2));
}

// ---- convergence -----------------------------------------------------------------------------

/// Quantities of sizes against the number of parameters, family by family.
template <typename ValueOf>
std::vector<ClaimTest> along_sizes(const Evidence& evidence, const std::string& name, Side claimed,
                                   const ValueOf& value_of) {
  std::vector<ClaimTest> tests;
  for (const FamilyConvergence& family : evidence.convergence.families) {
    std::vector<RankedPair> pairs;
    for (const LevelRegime& level : family.regimes.levels) {
      const std::optional<double> value = value_of(level);
      if (value) pairs.push_back({.x = static_cast<double>(level.parameters), .y = *value});
    }
    const std::string& kind = family.selection.family;
    auto test = trend(pairs, name + ": " + family.dataset + ", " + kind, evidence.settings);
    if (!test) continue;
    test->dataset = family.dataset;
    test->family = kind;
    test->claimed = claimed;
    test->counted = "sizes";
    tests.push_back(std::move(*test));
  }
  return tests;
}

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

// ---- pruning ---------------------------------------------------------------------------------

std::vector<ClaimTest> deeper_stands_more(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const DepthEffect& effect : family.depth) {
      // Among equal widths nothing but depth differs.
      const auto& found = effect.of_width ? effect.of_width : effect.all;
      if (!found || found->observations < 4) continue;
      ClaimTest& test = tests.emplace_back();
      test.dataset = family.dataset;
      test.family = family.family;
      test.scope = effect.protocol;
      test.statistic = effect.of_width ? "rank correlation among equal widths" : "rank correlation";
      test.effect = found->rho;
      test.count = static_cast<std::int64_t>(found->observations);
      test.counted = "architectures";
      test.p = found->p;
      add_interval(test, evidence.settings.confidence);
    }
  }
  return tests;
}

constexpr double kMuchRedundancy = 0.6;
// Redundancies that agree to less than a point do so because the same sparsities were asked for.
constexpr double kLeastRedundancySd = 0.01;

/// Whether any of the architectures gets there: the most redundant one, its p-value times their
/// number; against the claim all of them must speak.
std::optional<ClaimTest> most_redundant(const std::vector<const PruningCurve*>& curves) {
  const PruningCurve* most = nullptr;
  double for_it = 1.0;
  double against = 0.0;
  for (const PruningCurve* curve : curves) {
    const auto& [runs, mean, sd, low, high] = curve->redundancy.estimate;
    if (!sd) continue;
    const double error = std::max(*sd, kLeastRedundancySd) / std::sqrt(static_cast<double>(runs));
    const double t = (mean - kMuchRedundancy) / error;
    const double p = student_t_two_sided_tail(std::abs(t), static_cast<double>(runs - 1));
    if (t > 0) for_it = std::min(for_it, p);
    // A redundancy beyond the largest sparsity measured is a lower bound, and denies nothing.
    against = std::max(against, t > 0 || curve->redundancy.beyond > 0 ? 1.0 : p);
    if (most == nullptr || mean > most->redundancy.estimate.mean) most = curve;
  }
  if (most == nullptr) return std::nullopt;
  const auto& estimate = most->redundancy.estimate;
  const bool reaches = estimate.mean > kMuchRedundancy;
  const auto count = static_cast<std::int64_t>(curves.size());
  return ClaimTest{.statistic = "largest mean redundancy (" + most->architecture + ")",
                   .effect = estimate.mean,
                   .low = estimate.low,
                   .high = estimate.high,
                   .bound = kMuchRedundancy,
                   .count = count,
                   .counted = "architectures",
                   .p = reaches ? std::min(1.0, for_it * static_cast<double>(count)) : against};
}

template <typename Curve>
std::map<std::string, std::vector<const Curve*>> whole_curves(const std::vector<Curve>& curves) {
  std::map<std::string, std::vector<const Curve*>> protocols;
  for (const Curve& curve : curves) {
    if (curve.tensor.empty()) protocols[curve.protocol].push_back(&curve);
  }
  return protocols;
}

std::vector<ClaimTest> redundancy_is_large(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : whole_curves(family.pruning)) {
      auto test = most_redundant(curves);
      if (!test) continue;
      test->dataset = family.dataset;
      test->family = family.family;
      test->scope = protocol;
      tests.push_back(std::move(*test));
    }
  }
  return tests;
}

std::vector<ClaimTest> pruning_has_phases(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : whole_curves(family.pruning)) {
      std::int64_t all = 0;
      std::int64_t both = 0;
      for (const PruningCurve* curve : curves) {
        if (curve->phases.pieces.empty()) continue;
        ++all;
        if (curve->phases.flat_until && curve->phases.collapse_from) ++both;
      }
      if (all == 0) continue;
      ClaimTest& test = tests.emplace_back(majority(both, all, evidence.settings));
      test.dataset = family.dataset;
      test.family = family.family;
      test.scope = protocol;
      test.statistic = "share with a flat phase and a collapse";
      test.counted = "architectures";
    }
  }
  return tests;
}

// ---- quantization ----------------------------------------------------------------------------

constexpr int kFewBits = 8;

/// Mean loss over the formats of at most kFewBits bits; nothing without one.
std::optional<double> loss_of_precision(const QuantizationCurve& curve) {
  Moments losses;
  for (const FormatPoint& point : curve.points) {
    if (point.bits <= kFewBits) losses.add(point.loss.mean);
  }
  if (losses.count() == 0) return std::nullopt;
  return losses.mean();
}

std::vector<ClaimTest> precision_hurts_small(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : whole_curves(family.quantization)) {
      std::vector<RankedPair> pairs;
      for (const QuantizationCurve* curve : curves) {
        const auto loss = loss_of_precision(*curve);
        if (loss) pairs.push_back({.x = static_cast<double>(curve->parameters), .y = *loss});
      }
      auto test = trend(pairs, "precision: " + family.dataset + ", " + family.family + protocol,
                        evidence.settings);
      if (!test) continue;
      test->dataset = family.dataset;
      test->family = family.family;
      test->scope = protocol;
      test->statistic = "rank correlation of loss with parameters";
      test->claimed = Side::below;
      test->counted = "architectures";
      tests.push_back(std::move(*test));
    }
  }
  return tests;
}

/// How hard a dataset is: the error of its most accurate architecture, quantized ones aside.
double hardness_of(const FamilyCompression& family) {
  double best = 0.0;
  for (const QuantizationCurve& curve : family.quantization) {
    best = std::max(best, curve.dense_accuracy);
  }
  return 1.0 - best;
}

std::vector<ClaimTest> precision_hurts_hard_data(const Evidence& evidence) {
  // Architectures of equal text on several datasets are compared with each other only.
  std::map<std::pair<std::string, std::string>, std::vector<RankedPair>> pairs;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : whole_curves(family.quantization)) {
      for (const QuantizationCurve* curve : curves) {
        const auto loss = loss_of_precision(*curve);
        if (!loss) continue;
        pairs[{family.family, protocol}].push_back(
            {.x = hardness_of(family), .y = *loss, .group = curve->architecture});
      }
    }
  }
  std::vector<ClaimTest> tests;
  for (const auto& [key, observations] : pairs) {
    auto test = trend(observations, "hard data: " + key.first + key.second, evidence.settings);
    if (!test) continue;
    test->family = key.first;
    test->scope = key.second;
    test->statistic = "rank correlation of loss with the best error";
    test->counted = "architectures on datasets";
    tests.push_back(std::move(*test));
  }
  return tests;
}

}  // namespace

std::vector<Claim> claims() {
  const std::string runs = "four sizes or more with runs";
  const std::string pruned = "networks that were pruned";
  const std::string weights =
      "the analysis of learnable parameters, which minima does not have yet";
  return {
      {"small_fail_more", kPaperM, "small networks fail more often than large ones",
       "large networks fail more often than small ones", runs + " of which some failed",
       small_are_unstable},
      {"small_vary_more", kPaperM, "small networks vary more from run to run than large ones",
       "large networks vary more from run to run than small ones", runs + ", two or more of each",
       small_vary_more},
      {"accuracy_grows", kPaperM, "in the learning regime accuracy grows with parameters",
       "in the learning regime accuracy falls with parameters", runs + " in the learning regime",
       accuracy_grows},
      {"gap_grows", kPaperM, "the gap between training and test accuracy grows with parameters",
       "the gap between training and test accuracy falls with parameters", runs, gap_grows},
      {"shape_hardly_matters", kPaperM,
       "with enough parameters the shape of the hidden layers hardly matters",
       "the shape of the hidden layers matters even with enough parameters",
       "architectures of nearly equal size above P_min, two runs or more of each",
       shape_hardly_matters},
      {"convergence_phases", kPaperM, "most networks converge in distinct phases",
       "most networks converge in one phase", "architectures that learned, of enough epochs",
       convergence_has_phases},
      {"failures_lack_gradient", kPaperL,
       "most runs that fail do so because the gradient does not reach their first layers",
       "most runs that fail do so for another reason than a missing gradient",
       "runs that did not converge", failures_lack_gradient},
      {"deeper_stands_more_pruning", kPaperM, "deeper networks stand more pruning",
       "deeper networks stand less pruning",
       "four pruned fully connected architectures of equal layers and several depths",
       deeper_stands_more},
      {"redundancy_reaches_60", kPaperM, "redundancy reaches 60 % and more",
       "redundancy stays below 60 %", pruned + ", two runs or more of an architecture",
       redundancy_is_large},
      {"pruning_phases", kPaperM, "most networks are pruned in phases, from flat to collapse",
       "most networks are pruned without a flat phase or a collapse", pruned, pruning_has_phases},
      {"precision_hurts_small", kPaperM, "low precision hurts small networks more",
       "low precision hurts large networks more", "four quantized architectures",
       precision_hurts_small},
      {"precision_hurts_hard_data", kPaperM, "low precision hurts more on harder data",
       "low precision hurts more on easier data",
       "architectures that were quantized on several datasets", precision_hurts_hard_data},
      {"low_sigma",
       kPaperL,
       "weights of successful networks have a low and similar spread",
       "",
       weights,
       {}},
      {"peak_at_zero",
       kPaperL,
       "weights of successful networks are dense around zero",
       "",
       weights,
       {}},
      {"node_strengths",
       kPaperL,
       "node strengths of consecutive layers correlate",
       "",
       weights,
       {}},
      {"projection",
       kPaperL,
       "successful networks lie together when their weights are projected",
       "",
       weights,
       {}}};
}

}  // namespace minima::analysis
