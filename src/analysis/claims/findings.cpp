// From the tests of a claim to its verdict:
//
//   part      one test, on one dataset, family and so on
//   unit      the parts of one dataset and family; Simes if they use the same runs
//   claim     all units: directional Stouffer, so opposite effects cancel; for a claim about any or
//             each unit, the unit that decides
//   verdict   Holm over the claims that could reach significance at all
#include "analysis/claims/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace minima::analysis {
namespace {

bool is_on_claimed_side(const ClaimTest& test) {
  return (test.effect > test.bound) == (test.claimed == Side::above);
}

TwoSides test_sides(const ClaimTest& test) {
  return sides_of(test.effect == test.bound ? 1.0 : test.p, is_on_claimed_side(test));
}

/// The parts of one dataset and family.
struct Unit {
  std::string dataset;
  std::optional<network::Family> family;
  TwoSides sides;
  TwoSides least;  // if every part were as extreme as it can be
  double weight = 0.0;
};

double weight_of(const ClaimTest& test) {
  return std::sqrt(static_cast<double>(std::max<std::int64_t>(test.count, 1)));
}

Unit unit_of(const std::vector<const ClaimTest*>& tests, const Claim& claim) {
  std::vector<TwoSides> sides;
  std::vector<TwoSides> least;
  std::vector<double> weights;
  for (const ClaimTest* test : tests) {
    sides.push_back(test_sides(*test));
    const double half = std::min(test->least_p, 1.0) / 2.0;
    least.push_back({half, half});
    weights.push_back(weight_of(*test));
  }
  Unit unit{tests.front()->dataset, tests.front()->family, {}, {}, 0.0};
  if (claim.dependence == Dependence::dependent) {
    unit.sides = simes(sides);
    unit.least = simes(least);
    unit.weight = *std::ranges::max_element(weights);
  } else {
    unit.sides = combined_sides(sides, weights, claim.combination);
    unit.least = combined_sides(least, weights, claim.combination);
    double squares = 0.0;
    for (const double weight : weights) squares += weight * weight;
    unit.weight = std::sqrt(squares);
  }
  return unit;
}

/// The combined units of a claim.
struct Combined {
  Combination combination = Combination::mean;
  std::vector<Unit> units;
  TwoSides sides;
  double p = 1.0;
  double least_p = 1.0;
};

TwoSides all_of(const Combined& combined, TwoSides Unit::*part, const std::string& dataset) {
  std::vector<TwoSides> sides;
  std::vector<double> weights;
  for (const Unit& unit : combined.units) {
    if (!dataset.empty() && unit.dataset != dataset) continue;
    sides.push_back(unit.*part);
    weights.push_back(unit.weight);
  }
  return combined_sides(sides, weights, combined.combination);
}

Combined combined(const std::vector<FindingPart>& parts, const Claim& claim) {
  std::map<std::pair<std::string, std::optional<network::Family>>, std::vector<const ClaimTest*>>
      groups;
  for (const FindingPart& part : parts) {
    if (part.role != PartRole::combined) continue;
    groups[{part.test.dataset, part.test.family}].push_back(&part.test);
  }
  Combined result{.combination = claim.combination, .units = {}, .sides = {}};
  for (const auto& [key, tests] : groups) result.units.push_back(unit_of(tests, claim));
  if (result.units.empty()) return result;
  result.sides = all_of(result, &Unit::sides, "");
  result.p = two_sided(result.sides);
  result.least_p = two_sided(all_of(result, &Unit::least, ""));
  return result;
}

std::set<std::string> datasets_of(const Combined& combined) {
  std::set<std::string> datasets;
  for (const Unit& unit : combined.units) datasets.insert(unit.dataset);
  return datasets;
}

/// Whether any single dataset points to this side.
bool any_points_to(const Combined& combined, bool supporting) {
  const std::set<std::string> datasets = datasets_of(combined);
  return std::ranges::any_of(datasets, [&](const std::string& dataset) {
    const TwoSides sides = all_of(combined, &Unit::sides, dataset);
    return supporting ? sides.supporting < sides.opposing : sides.opposing < sides.supporting;
  });
}

/// Only for claims about the mean; for claims about any or each unit, datasets may differ.
bool points_both_ways(const Combined& combined) {
  return combined.combination == Combination::mean && any_points_to(combined, true) &&
         any_points_to(combined, false);
}

/// Whether one unit is significant for the claim and another one against it (Bonferroni over units
/// and claims).
bool differs(const Combined& combined, std::size_t claims, double level) {
  if (combined.combination != Combination::mean) return false;
  double supporting = 1.0;
  double opposing = 1.0;
  for (const Unit& unit : combined.units) {
    supporting = std::min(supporting, unit.sides.supporting);
    opposing = std::min(opposing, unit.sides.opposing);
  }
  const auto tests = static_cast<double>(combined.units.size() * claims);
  return std::max(supporting, opposing) * tests <= level / 2.0;
}

Verdict verdict_of(const Combined& combined, double adjusted_p, std::size_t claims, double level) {
  if (differs(combined, claims, level)) return Verdict::differs;
  if (!(adjusted_p <= level)) return Verdict::undecided;
  if (points_both_ways(combined)) return Verdict::undecided;
  const bool supporting = combined.sides.supporting < combined.sides.opposing;
  return supporting ? Verdict::supported : Verdict::contradicted;
}

PartRole role_of(const Claim& claim, const ClaimTest& test, double level) {
  if (claim.is_description) return PartRole::description;
  if (!test.in_claim) return PartRole::other_protocol;
  // Even a test without power can keep a claim about any or each unit undecided.
  if (claim.combination != Combination::mean) return PartRole::combined;
  return test.least_p <= level ? PartRole::combined : PartRole::too_few;
}

// ---- effect ----------------------------------------------------------------------------------

FindingEffect effect_of(const ClaimTest& test) {
  return {test.statistic, test.effect, test.low, test.high, test.bound};
}

/// Mean weighted by counts. Its interval comes from those of the parts by the method of variance
/// estimates recovery (Zou and Donner 2008); for parts about the same runs, whose errors may be
/// equal, the distances to the limits are averaged.
FindingEffect mean_effect(const std::vector<const ClaimTest*>& tests, Dependence dependence) {
  double weights = 0.0;
  double sum = 0.0;
  double below = 0.0;
  double above = 0.0;
  bool has_interval = true;
  const bool squares = dependence == Dependence::independent;
  for (const ClaimTest* test : tests) {
    const double weight = weight_of(*test) * weight_of(*test);
    weights += weight;
    sum += weight * test->effect;
    has_interval = has_interval && test->low && test->high;
    if (!has_interval) continue;
    const double down = weight * (test->effect - *test->low);
    const double up = weight * (*test->high - test->effect);
    below += squares ? down * down : down;
    above += squares ? up * up : up;
  }
  FindingEffect effect{tests.front()->statistic, sum / weights, {}, {}, tests.front()->bound};
  if (!has_interval) return effect;
  effect.low = effect.value - (squares ? std::sqrt(below) : below) / weights;
  effect.high = effect.value + (squares ? std::sqrt(above) : above) / weights;
  return effect;
}

std::optional<FindingEffect> effect_of(const std::vector<FindingPart>& parts, PartRole role,
                                       const Claim& claim) {
  std::vector<const ClaimTest*> tests;
  std::set<std::pair<std::string, double>> kinds;
  for (const FindingPart& part : parts) {
    if (part.role != role) continue;
    tests.push_back(&part.test);
    kinds.insert({part.test.statistic, part.test.bound});
  }
  if (tests.empty()) return std::nullopt;
  if (claim.combination != Combination::mean) {
    std::vector<TwoSides> sides;
    for (const ClaimTest* test : tests) sides.push_back(test_sides(*test));
    return effect_of(*tests[deciding(sides, claim.combination)]);
  }
  if (tests.size() > 1 && kinds.size() == 1) return mean_effect(tests, claim.dependence);
  return effect_of(**std::ranges::min_element(tests, {}, &ClaimTest::p));
}

// ---- sentences -------------------------------------------------------------------------------

std::string place_of(const ClaimTest& test) {
  std::string place = test.dataset;
  if (test.family) place += fmt::format("{}{}", place.empty() ? "" : ", ", *test.family);
  return place;
}

/// "glyphs, dnn; textures, cnn"
std::string places_of(const Finding& finding, Verdict verdict) {
  std::vector<std::string> places;
  for (const FindingPart& part : finding.parts) {
    const std::string place = place_of(part.test);
    if (part.verdict != verdict || std::ranges::count(places, place) > 0) continue;
    places.push_back(place);
  }
  return fmt::format("{}", fmt::join(places, "; "));
}

/// " It holds for digits, dnn."; empty if no part is significant on its own.
std::string places_text(const char* what, const Finding& finding, Verdict verdict) {
  const std::string places = places_of(finding, verdict);
  return places.empty() ? "" : fmt::format(" {} {}.", what, places);
}

std::string sentence_of(const Claim& claim, const Finding& finding, bool both_ways) {
  switch (finding.verdict) {
    case Verdict::supported:
      return claim.sentences.supported;
    case Verdict::contradicted:
      return claim.sentences.contradicted;
    case Verdict::undecided:
      return claim.sentences.undecided +
             (both_ways ? " The datasets point in different directions." : "");
    case Verdict::differs:
      return claim.sentences.differs + places_text("It holds for", finding, Verdict::supported) +
             places_text("The opposite holds for", finding, Verdict::contradicted);
    case Verdict::described:
      return claim.sentences.described;
    case Verdict::not_tested:
      break;
  }
  const bool too_few = std::ranges::any_of(
      finding.parts, [](const auto& part) { return part.role == PartRole::too_few; });
  return claim.sentences.missing + (too_few ? " The possible tests had too few observations." : "");
}

// ---- claims ----------------------------------------------------------------------------------

/// A claim on its way to a verdict.
struct Asked {
  const Claim* claim = nullptr;
  Finding finding;
  Combined combined;
  bool is_tested = false;
};

Asked asked_of(const Claim& claim, std::vector<ClaimTest> tests, double level) {
  Asked asked{.claim = &claim, .finding = {}, .combined = {}};
  Finding& finding = asked.finding;
  finding.claim = claim.name;
  finding.source = claim.source;
  finding.statement = claim.statement;
  finding.protocol = claim.protocol;
  for (ClaimTest& test : tests) {
    const PartRole role = role_of(claim, test, level);
    finding.parts.push_back({.test = std::move(test), .role = role, .adjusted_p = {}});
  }
  asked.combined = combined(finding.parts, claim);
  return asked;
}

/// Claims that could not be significant are left out of the correction.
std::vector<Asked*> tested_of(std::vector<Asked>& all, double level) {
  std::vector<Asked*> candidates;
  std::vector<double> least;
  for (Asked& asked : all) {
    if (asked.combined.units.empty()) continue;
    candidates.push_back(&asked);
    least.push_back(asked.combined.least_p);
  }
  const std::vector<bool> can_be_tested = testable(least, level);
  std::vector<Asked*> tested;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i]->is_tested = can_be_tested[i];
    if (can_be_tested[i]) tested.push_back(candidates[i]);
  }
  return tested;
}

/// Hierarchical test: a part is significant only if its claim is, or if the claim differs.
void judge_parts(Finding& finding, double level) {
  std::vector<double> p;
  for (const FindingPart& part : finding.parts) {
    if (part.role == PartRole::combined) p.push_back(part.test.p);
  }
  const std::vector<double> within = holm(p);
  auto next = within.begin();
  for (FindingPart& part : finding.parts) {
    if (part.role != PartRole::combined) continue;
    const bool is_gated = finding.verdict != Verdict::differs;
    part.adjusted_p = is_gated ? std::max(*next, *finding.adjusted_p) : *next;
    ++next;
    part.verdict = Verdict::undecided;
    if (!(*part.adjusted_p <= level) || part.test.effect == part.test.bound) continue;
    part.verdict = is_on_claimed_side(part.test) ? Verdict::supported : Verdict::contradicted;
  }
}

void judge(Asked& asked, double adjusted_p, std::size_t claims, double level) {
  Finding& finding = asked.finding;
  finding.p = asked.combined.p;
  finding.adjusted_p = adjusted_p;
  finding.datasets = static_cast<std::int64_t>(datasets_of(asked.combined).size());
  finding.verdict = verdict_of(asked.combined, adjusted_p, claims, level);
  finding.effect = effect_of(finding.parts, PartRole::combined, *asked.claim);
  judge_parts(finding, level);
}

void describe(Asked& asked) {
  Finding& finding = asked.finding;
  if (!asked.claim->is_description || finding.parts.empty()) return;
  finding.verdict = Verdict::described;
  finding.effect = effect_of(finding.parts, PartRole::description, *asked.claim);
  std::set<std::string> datasets;
  for (FindingPart& part : finding.parts) {
    part.verdict = Verdict::described;
    datasets.insert(part.test.dataset);
  }
  finding.datasets = static_cast<std::int64_t>(datasets.size());
}

/// If the claim was not tested, its combined parts become `too few`.
void mark_untested(Finding& finding) {
  for (FindingPart& part : finding.parts) {
    if (part.role == PartRole::combined) part.role = PartRole::too_few;
  }
}

}  // namespace

std::string to_string(PartRole role) {
  switch (role) {
    case PartRole::combined:
      return "combined";
    case PartRole::too_few:
      return "too few";
    case PartRole::other_protocol:
      return "other protocol";
    case PartRole::description:
      break;
  }
  return "description";
}

std::vector<Finding> combined_findings(const std::vector<Claim>& claims,
                                       const std::vector<std::vector<ClaimTest>>& tests,
                                       double confidence) {
  // Rounding: 1 - 0.95 is slightly more than 0.05.
  const double level = 1.0 - confidence + 1e-12;
  std::vector<Asked> all;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    all.push_back(asked_of(claims[i], tests[i], level));
  }
  const std::vector<Asked*> tested = tested_of(all, level);
  std::vector<double> p;
  for (const Asked* asked : tested) p.push_back(asked->combined.p);
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    judge(*tested[i], adjusted[i], tested.size(), level);
  }
  std::vector<Finding> findings;
  for (Asked& asked : all) {
    describe(asked);
    Finding& finding = asked.finding;
    if (finding.verdict == Verdict::not_tested) {
      mark_untested(finding);
      finding.study = asked.claim->study;
    }
    const bool both_ways = asked.is_tested && points_both_ways(asked.combined);
    finding.sentence = sentence_of(*asked.claim, finding, both_ways);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings findings_of(const ClaimEvidence& evidence, const std::vector<Claim>& claims) {
  std::vector<std::vector<ClaimTest>> tests;
  for (const Claim& claim : claims) {
    tests.push_back(claim.tests ? claim.tests(evidence) : std::vector<ClaimTest>());
  }
  return {.settings = evidence.settings,
          .runs = evidence.convergence.runs,
          .findings = combined_findings(claims, tests, evidence.settings.confidence)};
}

Findings findings_of(const ClaimEvidence& evidence) {
  return findings_of(evidence, claims());
}

}  // namespace minima::analysis
