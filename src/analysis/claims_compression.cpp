// Claims on what pruning and quantization do.
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/claim_tests.h"
#include "analysis/whole_curves.h"
#include "core/student_t.h"

namespace minima::analysis {
namespace {

/// Pruning at random is what the claims' pruning is compared with, not what they are about.
bool is_control(const std::string& protocol) {
  return (protocol + " ").find(" random ") != std::string::npos;
}

}  // namespace

// ---- pruning ---------------------------------------------------------------------------------

std::vector<ClaimTest> deeper_stands_more(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const DepthEffect& effect : family.depth) {
      // Among equal widths nothing but depth differs.
      const auto& found = effect.of_width ? effect.of_width : effect.all;
      if (!found || found->observations < 4 || is_control(effect.protocol)) continue;
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

namespace {

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

/// The curves that claims are about.
std::map<std::string, std::vector<const PruningCurve*>> claimed_curves(
    const std::vector<PruningCurve>& curves) {
  auto protocols = whole_curves(curves);
  std::erase_if(protocols, [](const auto& each) { return is_control(each.first); });
  return protocols;
}

}  // namespace

std::vector<ClaimTest> redundancy_is_large(const Evidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : claimed_curves(family.pruning)) {
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
    for (const auto& [protocol, curves] : claimed_curves(family.pruning)) {
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

namespace {

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

}  // namespace

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

namespace {

/// How hard a dataset is: the error of its most accurate architecture, quantized ones aside.
double hardness_of(const FamilyCompression& family) {
  double best = 0.0;
  for (const QuantizationCurve& curve : family.quantization) {
    best = std::max(best, curve.dense_accuracy);
  }
  return 1.0 - best;
}

}  // namespace

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

}  // namespace minima::analysis
