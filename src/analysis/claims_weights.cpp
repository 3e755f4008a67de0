// Each claim compares successful runs (group high) with suboptimal ones (low and mid) of equal
// architecture, by what training changed, and takes the architecture as the unit. The figures come
// from weight_findings.cpp, projection.cpp and similarity.cpp; only claims have verdicts.
#include "analysis/claims_weights.h"

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/projection.h"
#include "analysis/weights.h"

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

// Adds a test that its number of architectures lets decide.
void add(Tests& tests, ClaimTest test, double least_p, const Evidence& evidence) {
  if (test.count < kFewestArchitectures || least_p > 1.0 - evidence.settings.confidence) return;
  tests.push_back(std::move(test));
}

// Which rows of weight findings a claim is about.
struct Rows {
  std::string finding;
  std::string layer = kAllLayers;
  std::string statistic = "log_ratio";
  std::vector<std::string> families = {"cnn", "dnn", "vit"};
};

std::string words_of(const Rows& rows) {
  if (rows.statistic == "correlation") return "mean correlation within architectures";
  if (rows.statistic == "spread_difference") return "difference of spreads";
  return "difference of log(end / start)";
}

Tests tests_of(const Evidence& evidence, const Rows& rows, Side claimed,
               const std::string& scope = "") {
  Tests tests;
  if (evidence.weights == nullptr) return tests;
  for (const FamilyWeights& family : evidence.weights->families) {
    if (std::ranges::find(rows.families, family.of->family) == rows.families.end()) continue;
    for (const WeightFinding& row : family.findings) {
      if (row.finding != rows.finding || row.layer != rows.layer) continue;
      if (row.statistic != rows.statistic || row.scope == "population" || !row.value) continue;
      ClaimTest test = test_on(*family.of, scope, words_of(rows), claimed);
      test.effect = *row.value;
      test.low = row.low;
      test.high = row.high;
      test.count = row.architectures;
      test.p = *row.p;
      add(tests, std::move(test), *row.least_p, evidence);
    }
  }
  return tests;
}

Tests sigma_is_low(const Evidence& evidence) {
  return tests_of(evidence, {"sigma"}, Side::below);
}

Tests statistics_are_similar(const Evidence& evidence) {
  Tests tests = tests_of(evidence, {"sigma_spread", kAllLayers, "spread_difference"}, Side::below,
                         "standard deviation");
  for (ClaimTest& test : tests_of(evidence, {"mean_spread", kAllLayers, "spread_difference"},
                                  Side::below, "mean")) {
    tests.push_back(std::move(test));
  }
  return tests;
}

Tests sigma_is_lowest_in_output(const Evidence& evidence) {
  return tests_of(evidence, {"sigma_output_less_others", "output"}, Side::below,
                  "output less other layers");
}

Tests weights_peak_at_zero(const Evidence& evidence) {
  return tests_of(evidence, {"near_zero"}, Side::above);
}

Tests strengths_correlate(const Evidence& evidence) {
  return tests_of(evidence, {"strength_correlation", kAllLayers, "correlation", {"cnn", "dnn"}},
                  Side::above);
}

Tests strengths_are_high(const Evidence& evidence) {
  return tests_of(evidence, {"node_strength", kAllLayers, "log_ratio", {"cnn", "dnn"}},
                  Side::above);
}

Tests attention_is_weak(const Evidence& evidence) {
  return tests_of(evidence, {"node_strength", "attention", "log_ratio", {"vit"}}, Side::below,
                  "attention layers");
}

Tests mlp_is_weak(const Evidence& evidence) {
  return tests_of(evidence, {"node_strength", "mlp", "log_ratio", {"vit"}}, Side::below,
                  "MLP layers");
}

Tests successful_lie_together(const Evidence& evidence) {
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
    add(tests, std::move(test), std::min(1.0, 2.0 * family.contrast->least_p), evidence);
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

Tests suboptimal_scatter(const Evidence& evidence) {
  Tests tests;
  if (evidence.projection == nullptr) return tests;
  for (const FamilyProjection& family : evidence.projection->families) {
    if (!family.contrast || !family.contrast->dispersion) continue;
    ClaimTest test =
        test_on(*family.of, "", "difference of distances from the centroid", Side::below);
    set_effect(test, *family.contrast->dispersion);
    add(tests, std::move(test), family.contrast->dispersion->least_p, evidence);
  }
  return tests;
}

Tests successful_are_similar(const Evidence& evidence) {
  Tests tests;
  if (evidence.projection == nullptr) return tests;
  for (const Similarity& row : evidence.projection->similarities) {
    ClaimTest test;
    test.dataset = row.dataset;
    test.family = row.family;
    test.scope = "to " + row.scope;
    test.statistic = "difference of log distance to successful networks";
    test.claimed = Side::below;
    test.counted = "architectures";
    set_effect(test, row.effect);
    add(tests, std::move(test), row.effect.least_p, evidence);
  }
  return tests;
}

constexpr const char* kMixed =
    "six or more architectures of which some runs reach the best accuracy group and others only "
    "the low or mid one";

}  // namespace

std::vector<Claim> weight_claims() {
  const std::string source = "arXiv 2408.11720";
  const std::string mixed = kMixed;
  return {
      {"successful_are_similar", source,
       "successful networks are alike irrespective of dataset and model",
       "suboptimal networks are more like the successful ones of other datasets and models",
       mixed + ", and a second dataset or family", successful_are_similar},
      {"projection", source,
       "successful networks lie apart from suboptimal ones when their weights are projected",
       "successful and suboptimal networks lie mixed when their weights are projected", mixed,
       successful_lie_together},
      {"suboptimal_scatter", source, "suboptimal networks vary more in their weights",
       "successful networks vary more in their weights", mixed + ", two runs or more of both",
       suboptimal_scatter},
      {"low_sigma", source, "weights of successful networks have a low standard deviation",
       "weights of successful networks have a large standard deviation", mixed, sigma_is_low},
      {"similar_statistics", source,
       "mean and standard deviation of the weights vary less among successful networks",
       "mean and standard deviation of the weights vary more among successful networks",
       mixed + ", two runs or more of both", statistics_are_similar},
      {"low_sigma_most_in_output", source,
       "the standard deviation is low most of all in the output layer",
       "the standard deviation is low least of all in the output layer", mixed,
       sigma_is_lowest_in_output},
      {"peak_at_zero", source,
       "weights of successful networks peak at zero, those of others are flatter",
       "weights of successful networks are flatter at zero than those of others",
       mixed + ", with layers of 100 weights or more", weights_peak_at_zero},
      {"strengths_correlate", source,
       "node strengths of consecutive layers rise together in successful networks",
       "node strengths of a layer fall as those of the one before rise",
       "six or more architectures (dnn or cnn) with three successful runs or more",
       strengths_correlate},
      {"strengths_are_high", source, "node strengths are higher in successful networks",
       "node strengths are lower in successful networks", mixed + " (dnn or cnn)",
       strengths_are_high},
      {"attention_is_weak", source,
       "node strengths of the attention are lower in successful transformers",
       "node strengths of the attention are higher in successful transformers", mixed + " (vit)",
       attention_is_weak},
      {"mlp_is_weak", source, "node strengths of the MLP are lower in successful transformers",
       "node strengths of the MLP are higher in successful transformers", mixed + " (vit)",
       mlp_is_weak}};
}

}  // namespace minima::analysis
