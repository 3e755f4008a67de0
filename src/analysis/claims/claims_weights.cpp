// Each claim compares successful runs (group high) with suboptimal ones (low and mid) of equal
// architecture by the change through training. The architecture is the unit. The numbers come from
// weight_findings.cpp, projection.cpp and similarity.cpp; only claims have verdicts.
#include <algorithm>
#include <string>
#include <vector>

#include "analysis/claims/claim_tests.h"
#include "analysis/weights/projection.h"
#include "analysis/weights/weights.h"

namespace minima::analysis {
namespace {

using Tests = std::vector<ClaimTest>;

ClaimTest test_on(const WeightFamily& family, std::string scope, std::string statistic,
                  Side claimed) {
  ClaimTest test;
  test.dataset = family.dataset;
  test.family = family.family;
  test.scope = std::move(scope);
  test.statistic = std::move(statistic);
  test.claimed = claimed;
  test.counted = "architectures";
  return test;
}

// `least_p`: smallest p that this number of architectures can give. With fewer than
// kFewestArchitectures, the test decides nothing.
void add(Tests& tests, ClaimTest test, double least_p) {
  test.least_p = test.count < kFewestArchitectures ? 1.0 : least_p;
  tests.push_back(std::move(test));
}

// The rows of weight findings that a claim is about.
struct Rows {
  WeightFigure finding = WeightFigure::sigma;
  LayerRole layer = LayerRole::all;
  WeightStatistic statistic = WeightStatistic::log_ratio;
  std::vector<network::Family> families = {network::Family::cnn, network::Family::dnn,
                                           network::Family::vit};
};

std::string words_of(const Rows& rows) {
  if (rows.statistic == WeightStatistic::correlation)
    return "mean correlation within architectures";
  if (rows.statistic == WeightStatistic::spread_difference) return "difference of spreads";
  return "difference of log(end / start)";
}

Tests tests_of(const ClaimEvidence& evidence, const Rows& rows, Side claimed,
               const std::string& scope = "") {
  Tests tests;
  if (evidence.weights == nullptr) return tests;
  for (const FamilyWeights& family : evidence.weights->families) {
    if (std::ranges::find(rows.families, family.of->family) == rows.families.end()) continue;
    for (const WeightFinding& row : family.findings) {
      if (row.finding != rows.finding || row.layer != rows.layer) continue;
      if (row.statistic != rows.statistic || row.scope == WeightScope::population || !row.value)
        continue;
      ClaimTest test = test_on(*family.of, scope, words_of(rows), claimed);
      test.effect = *row.value;
      test.low = row.low;
      test.high = row.high;
      test.count = row.architectures;
      test.p = *row.p;
      add(tests, std::move(test), *row.least_p);
    }
  }
  return tests;
}

void set_effect(ClaimTest& test, const PooledEffect& effect) {
  test.effect = effect.effect;
  test.low = effect.low;
  test.high = effect.high;
  test.count = effect.architectures;
  test.p = effect.p;
}

}  // namespace

std::vector<ClaimTest> sigma_is_low(const ClaimEvidence& evidence) {
  return tests_of(evidence, {WeightFigure::sigma}, Side::below);
}

std::vector<ClaimTest> statistics_are_similar(const ClaimEvidence& evidence) {
  const auto spreads = [&](WeightFigure figure, const char* scope) {
    return tests_of(evidence, {figure, LayerRole::all, WeightStatistic::spread_difference},
                    Side::below, scope);
  };
  Tests tests = spreads(WeightFigure::sigma_spread, "standard deviation");
  for (ClaimTest& test : spreads(WeightFigure::mean_spread, "mean")) {
    tests.push_back(std::move(test));
  }
  return tests;
}

std::vector<ClaimTest> sigma_is_lowest_in_output(const ClaimEvidence& evidence) {
  return tests_of(evidence, {WeightFigure::sigma_output_less_others, LayerRole::output},
                  Side::below, "output less other layers");
}

std::vector<ClaimTest> weights_peak_at_zero(const ClaimEvidence& evidence) {
  return tests_of(evidence, {WeightFigure::near_zero}, Side::above);
}

std::vector<ClaimTest> strengths_correlate(const ClaimEvidence& evidence) {
  return tests_of(evidence,
                  {WeightFigure::strength_correlation,
                   LayerRole::all,
                   WeightStatistic::correlation,
                   {network::Family::cnn, network::Family::dnn}},
                  Side::above);
}

std::vector<ClaimTest> strengths_are_high(const ClaimEvidence& evidence) {
  return tests_of(evidence,
                  {WeightFigure::node_strength,
                   LayerRole::all,
                   WeightStatistic::log_ratio,
                   {network::Family::cnn, network::Family::dnn}},
                  Side::above);
}

std::vector<ClaimTest> attention_is_weak(const ClaimEvidence& evidence) {
  return tests_of(evidence,
                  {WeightFigure::node_strength,
                   LayerRole::attention,
                   WeightStatistic::log_ratio,
                   {network::Family::vit}},
                  Side::below, "attention layers");
}

std::vector<ClaimTest> mlp_is_weak(const ClaimEvidence& evidence) {
  return tests_of(evidence,
                  {WeightFigure::node_strength,
                   LayerRole::mlp,
                   WeightStatistic::log_ratio,
                   {network::Family::vit}},
                  Side::below, "MLP layers");
}

std::vector<ClaimTest> successful_lie_together(const ClaimEvidence& evidence) {
  Tests tests;
  if (evidence.projection == nullptr) return tests;
  for (const FamilyProjection& family : evidence.projection->families) {
    if (!family.contrast) continue;
    const measure::Permanova& location = family.contrast->location;
    ClaimTest test =
        test_on(*family.of, "", "R2 of accuracy group within architectures", Side::above);
    test.effect = location.r_squared;
    test.bound = location.expected;
    test.count = family.contrast->architectures;
    test.p = std::min(1.0, 2.0 * std::min(location.p_above, location.p_below));
    add(tests, std::move(test), std::min(1.0, 2.0 * family.contrast->least_p));
  }
  return tests;
}

std::vector<ClaimTest> suboptimal_scatter(const ClaimEvidence& evidence) {
  Tests tests;
  if (evidence.projection == nullptr) return tests;
  for (const FamilyProjection& family : evidence.projection->families) {
    if (!family.contrast || !family.contrast->dispersion) continue;
    ClaimTest test =
        test_on(*family.of, "", "difference of distances from the centroid", Side::below);
    set_effect(test, *family.contrast->dispersion);
    add(tests, std::move(test), family.contrast->dispersion->least_p);
  }
  return tests;
}

std::vector<ClaimTest> successful_are_similar(const ClaimEvidence& evidence) {
  Tests tests;
  if (evidence.projection == nullptr) return tests;
  for (const Similarity& row : evidence.projection->similarities) {
    ClaimTest test;
    test.dataset = row.dataset;
    test.family = row.family;
    test.scope = "to " + to_string(row.scope);
    test.statistic = "difference of log distance to successful networks";
    test.claimed = Side::below;
    test.counted = "architectures";
    set_effect(test, row.effect);
    add(tests, std::move(test), row.effect.least_p);
  }
  return tests;
}

}  // namespace minima::analysis
