// Claims on what pruning and quantization do, over stable architectures: those that most runs learn
// nearly as well as the best of the dataset. A network of little skill has little to lose.
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/claim_protocols.h"
#include "analysis/claim_tests.h"
#include "analysis/whole_curves.h"
#include "core/student_t.h"

namespace minima::analysis {
namespace {

constexpr const char* kClaimedPruning = "one-shot global magnitude";

/// Pruning at random is a control: no claim is about it.
bool is_control(const std::string& protocol) {
  return (protocol + " ").find(" random ") != std::string::npos;
}

ClaimTest placed(ClaimTest test, const FamilyCompression& family, const std::string& protocol,
                 bool in_claim) {
  test.dataset = family.dataset;
  test.family = family.family;
  test.scope = protocol;
  test.in_claim = in_claim;
  return test;
}

/// The curves of stable architectures by protocol, controls aside.
std::map<std::string, std::vector<const PruningCurve*>> stable_curves(
    const FamilyCompression& family) {
  auto protocols = whole_curves(family.pruning);
  for (auto& [protocol, curves] : protocols) {
    std::erase_if(curves, [](const PruningCurve* curve) { return curve->stable_runs == 0; });
  }
  std::erase_if(protocols,
                [](const auto& each) { return is_control(each.first) || each.second.empty(); });
  return protocols;
}

}  // namespace

std::string claimed_quantization(const std::vector<std::string>& protocols) {
  const std::string start = "ptq tensor symmetric ";
  for (const char* clipping : {"auto", "max", "least-squared-error"}) {
    if (std::ranges::count(protocols, start + clipping) > 0) return start + clipping;
  }
  return "";
}

std::optional<double> loss_at_few_bits(const QuantizationCurve& curve) {
  constexpr int kFewBits = 8;
  Moments losses;
  for (const FormatPoint& point : curve.points) {
    if (point.bits <= kFewBits && point.skill_loss) losses.add(*point.skill_loss);
  }
  if (losses.count() == 0) return std::nullopt;
  return losses.mean();
}

// ---- pruning ---------------------------------------------------------------------------------

std::vector<ClaimTest> deeper_stands_more(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const DepthEffect& effect : family.depth) {
      if (!effect.of_width || is_control(effect.protocol)) continue;
      // The claim must hold among equal widths, where deeper networks have more parameters, and
      // with the parameters taken out: the weaker of the two counts (intersection-union test).
      // Where parameters explain all of it, nothing is left for depth.
      const RankCorrelation size =
          effect.of_size.value_or(RankCorrelation{.observations = effect.of_width->observations});
      const bool width_is_weaker = effect.of_width->p >= size.p;
      const RankCorrelation& weaker = width_is_weaker ? *effect.of_width : size;
      const bool agree = (effect.of_width->rho > 0.0) == (size.rho > 0.0);
      tests.push_back(placed({.statistic = "weaker rank correlation of redundancy with depth",
                              .effect = weaker.rho,
                              .low = weaker.low,
                              .high = weaker.high,
                              .count = static_cast<std::int64_t>(weaker.observations),
                              .counted = "architectures of equal width",
                              .p = agree ? weaker.p : 1.0,
                              .least_p = std::max(effect.of_width->least_p, size.least_p)},
                             family, effect.protocol, effect.protocol == kClaimedPruning));
    }
  }
  return tests;
}

namespace {

constexpr double kMuchRedundancy = 0.6;
// Redundancies that agree to less than a point do so because they lie on the same few sparsities.
constexpr double kLeastRedundancySd = 0.01;

/// Whether any of the architectures gets there: the most redundant one, its p-value times their
/// number. Against the claim all of them must speak.
std::optional<ClaimTest> most_redundant(const std::vector<const PruningCurve*>& curves,
                                        double confidence) {
  const PruningCurve* most = nullptr;
  double supporting = 1.0;
  double opposing = 0.0;
  std::int64_t count = 0;
  for (const PruningCurve* curve : curves) {
    const auto& [runs, mean, sd, low, high] = curve->skill_redundancy.estimate;
    if (!sd) continue;
    ++count;
    const double error = std::max(*sd, kLeastRedundancySd) / std::sqrt(static_cast<double>(runs));
    const double t = (mean - kMuchRedundancy) / error;
    const double p = student_t_two_sided_tail(std::abs(t), static_cast<double>(runs - 1));
    if (t > 0) supporting = std::min(supporting, p);
    // A redundancy beyond the largest sparsity measured is a lower bound, and denies nothing.
    opposing = std::max(opposing, t > 0 || curve->skill_redundancy.beyond > 0 ? 1.0 : p);
    if (most == nullptr || mean > most->skill_redundancy.estimate.mean) most = curve;
  }
  if (most == nullptr) return std::nullopt;
  const MeanEstimate& estimate = most->skill_redundancy.estimate;
  const double error =
      std::max(*estimate.sd, kLeastRedundancySd) / std::sqrt(static_cast<double>(estimate.runs));
  // Simultaneous for all architectures, as is p.
  const double each = 1.0 - (1.0 - confidence) / static_cast<double>(count);
  const double half = error * student_t_quantile(each, static_cast<double>(estimate.runs - 1));
  const bool reaches = estimate.mean > kMuchRedundancy;
  return ClaimTest{
      .statistic = "largest mean redundancy",
      .effect = estimate.mean,
      .low = std::max(0.0, estimate.mean - half),
      .high = std::min(1.0, estimate.mean + half),
      .bound = kMuchRedundancy,
      .count = count,
      .counted = "architectures",
      .p = reaches ? std::min(1.0, supporting * static_cast<double>(count)) : opposing};
}

}  // namespace

std::vector<ClaimTest> redundancy_is_large(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : stable_curves(family)) {
      auto test = most_redundant(curves, evidence.settings.confidence);
      if (!test) continue;
      tests.push_back(placed(std::move(*test), family, protocol, protocol == kClaimedPruning));
    }
  }
  return tests;
}

namespace {

/// A grid that ends early cannot show a collapse, one of few sparsities no change of slope.
bool can_show_phases(const PruningCurve& curve) {
  constexpr double kFarEnough = 0.95;
  constexpr std::size_t kEnoughPoints = 6;
  return !curve.phases.pieces.empty() && curve.points.size() >= kEnoughPoints &&
         curve.points.back().asked >= kFarEnough;
}

}  // namespace

std::vector<ClaimTest> pruning_has_phases(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : stable_curves(family)) {
      std::int64_t all = 0;
      std::int64_t both = 0;
      for (const PruningCurve* curve : curves) {
        if (!can_show_phases(*curve)) continue;
        ++all;
        if (curve->phases.flat_until && curve->phases.collapse_from) ++both;
      }
      if (all == 0) continue;
      ClaimTest test = fraction(both, all, evidence.settings);
      test.statistic = "fraction with a flat phase and a collapse";
      test.counted = "architectures";
      tests.push_back(placed(std::move(test), family, protocol, protocol == kClaimedPruning));
    }
  }
  return tests;
}

// ---- quantization ----------------------------------------------------------------------------

std::vector<ClaimTest> precision_hurts_small(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  for (const FamilyCompression& family : evidence.compression.families) {
    const auto protocols = whole_curves(family.quantization);
    std::vector<std::string> names;
    for (const auto& [protocol, curves] : protocols) names.push_back(protocol);
    const std::string claimed = claimed_quantization(names);
    for (const auto& [protocol, curves] : protocols) {
      std::vector<RankedPair> pairs;
      for (const QuantizationCurve* curve : curves) {
        const auto loss = loss_at_few_bits(*curve);
        if (loss) pairs.push_back({.x = static_cast<double>(curve->parameters), .y = *loss});
      }
      auto test = trend(pairs, "precision: " + family.dataset + ", " + family.family + protocol,
                        evidence.settings);
      if (!test) continue;
      test->statistic = "rank correlation of lost skill with parameters";
      test->claimed = Side::below;
      test->counted = "architectures";
      tests.push_back(placed(std::move(*test), family, protocol, protocol == claimed));
    }
  }
  return tests;
}

}  // namespace minima::analysis
