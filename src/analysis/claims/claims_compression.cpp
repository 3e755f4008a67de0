// Claims on the effects of pruning and quantization, tested on stable architectures: most of their
// runs are nearly as good as the best of the dataset. A network of little skill has little to lose.
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/claims/claim_protocols.h"
#include "analysis/claims/claim_tests.h"
#include "analysis/compression/whole_curves.h"
#include "statistics/distributions.h"
#include "study/settings/compression_settings.h"

namespace minima::analysis {
namespace {

constexpr const char* kClaimedPruning = "one-shot global magnitude";

/// Random pruning is a control; no claim is about it.
bool is_control(const std::string& text) {
  const auto protocol = study::parse_pruning(text);
  return protocol && protocol->criterion == study::PruningProtocol::Criterion::random;
}

ClaimTest placed(ClaimTest test, const FamilyCompression& family, const std::string& protocol,
                 bool in_claim) {
  test.dataset = family.dataset;
  test.family = family.family;
  test.scope = protocol;
  test.in_claim = in_claim;
  return test;
}

/// The curves of stable architectures by protocol, without controls.
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
      // The claim must hold at equal width, where deeper networks have more parameters, and also
      // with the number of parameters partialled out. The weaker result counts (intersection-union
      // test). If parameters explain everything, nothing is left for depth.
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
// Lower bound: redundancies agree more closely only because they lie on the same few sparsities.
constexpr double kLeastRedundancySd = 0.01;

/// The p-value of an architecture against 60 %: Student's t; 1 if its runs show nothing.
double p_of_much(const Redundancy& redundancy) {
  const auto& [runs, mean, sd, low, high] = redundancy.estimate;
  // A redundancy beyond the largest measured sparsity is a lower bound, so it cannot contradict.
  const bool may_be_much = mean > kMuchRedundancy || redundancy.beyond > 0;
  if (!sd) return 1.0;  // one run gives no variance
  if (mean <= kMuchRedundancy && may_be_much) return 1.0;
  const double error = std::max(*sd, kLeastRedundancySd) / std::sqrt(static_cast<double>(runs));
  return student_t_two_sided_tail(std::abs(mean - kMuchRedundancy) / error,
                                  static_cast<double>(runs - 1));
}

/// Tests whether any architecture reaches 60 %. Effect and interval are those of the deciding
/// architecture: the most significant one above, or else the least significant one below.
ClaimTest most_redundant(const std::vector<const PruningCurve*>& curves, double confidence) {
  std::vector<TwoSides> sides;
  std::int64_t with_spread = 0;
  for (const PruningCurve* curve : curves) {
    const Redundancy& redundancy = curve->skill_redundancy;
    sides.push_back(sides_of(p_of_much(redundancy), redundancy.estimate.mean > kMuchRedundancy));
    with_spread += redundancy.estimate.sd ? 1 : 0;
  }
  const TwoSides all = combined_sides(sides, {}, Combination::any);
  const PruningCurve& decider = *curves[deciding(sides, Combination::any)];
  const MeanEstimate& estimate = decider.skill_redundancy.estimate;
  ClaimTest test{.statistic = "mean redundancy of the architecture that decides",
                 .effect = estimate.mean,
                 .bound = kMuchRedundancy,
                 .count = static_cast<std::int64_t>(curves.size()),
                 .counted = "architectures",
                 .p = two_sided(all),
                 .least_p = with_spread > 0 ? 0.0 : 1.0};
  if (!estimate.sd) return test;
  const double error =
      std::max(*estimate.sd, kLeastRedundancySd) / std::sqrt(static_cast<double>(estimate.runs));
  // For the claim the smallest of several p is chosen, so the interval has a Bonferroni correction.
  const bool is_chosen = estimate.mean > kMuchRedundancy;
  const double miss = (1.0 - confidence) / (is_chosen ? static_cast<double>(curves.size()) : 1.0);
  const double half =
      error * student_t_quantile(1.0 - miss, static_cast<double>(estimate.runs - 1));
  test.low = std::max(0.0, estimate.mean - half);
  test.high = std::min(1.0, estimate.mean + half);
  return test;
}

}  // namespace

std::vector<ClaimTest> redundancy_is_large(const ClaimEvidence& evidence) {
  // One test for all families: the claim is that some network of a dataset reaches 60 %.
  std::map<std::pair<std::string, std::string>, std::vector<const PruningCurve*>> all;
  for (const FamilyCompression& family : evidence.compression.families) {
    for (const auto& [protocol, curves] : stable_curves(family)) {
      auto& same = all[{family.dataset, protocol}];
      same.insert(same.end(), curves.begin(), curves.end());
    }
  }
  std::vector<ClaimTest> tests;
  for (const auto& [place, curves] : all) {
    if (curves.empty()) continue;
    ClaimTest test = most_redundant(curves, evidence.settings.confidence);
    test.dataset = place.first;
    test.scope = place.second;
    test.in_claim = place.second == kClaimedPruning;
    tests.push_back(std::move(test));
  }
  return tests;
}

namespace {

/// A grid that ends early cannot show a collapse; one with few sparsities cannot show a change of
/// slope.
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
      auto test =
          trend(pairs, "precision: " + family.dataset + ", " + word_text(family.family) + protocol,
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
