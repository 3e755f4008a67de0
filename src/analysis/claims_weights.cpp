// Claims on learnable parameters: the comparisons of weight_findings.cpp and of the projection, as
// tests that are corrected for each other.
#include <algorithm>
#include <string_view>

#include "analysis/claim_tests.h"
#include "analysis/projection.h"
#include "analysis/weights.h"

namespace minima::analysis {
namespace {

std::string among(const std::string& scope) {
  return scope == "population" ? "among all" : "among equal architectures";
}

std::string statistic_of(const WeightFinding& row) {
  if (row.statistic == "cliff_delta") {
    return row.finding == "similar_sigma" ? "Cliff's delta of the distance from the median sigma"
                                          : "Cliff's delta";
  }
  if (row.statistic == "delta_difference") return "Cliff's delta, output less the other layers";
  return row.statistic == "share" ? "share of networks" : row.statistic;
}

/// What a row of weight findings says, with its claim on one side of `bound`.
ClaimTest test_of(const WeightFinding& row, const WeightFamily& family, Side side, double bound,
                  const study::AnalysisSettings& settings) {
  ClaimTest test;
  test.dataset = family.dataset;
  test.family = family.family;
  test.scope = row.layer + (row.layer.empty() ? "" : ", ") + among(row.scope);
  test.statistic = statistic_of(row);
  test.effect = *row.value;
  test.low = row.low;
  test.high = row.high;
  test.bound = bound;
  test.claimed = side;
  test.count = row.successful + row.failed;
  test.counted = "runs";
  test.p = row.p ? *row.p : p_of_interval(*row.value, *row.low, *row.high, bound, settings);
  return test;
}

std::vector<ClaimTest> tests_of(const ClaimEvidence& evidence,
                                std::initializer_list<std::string_view> findings, Side side,
                                double bound = 0.0) {
  std::vector<ClaimTest> tests;
  if (evidence.weights == nullptr) return tests;
  for (const FamilyWeights& family : evidence.weights->families) {
    for (const WeightFinding& row : family.findings) {
      if (std::ranges::find(findings, row.finding) == findings.end()) continue;
      if (row.verdict == Verdict::not_tested) continue;
      tests.push_back(test_of(row, *family.of, side, bound, evidence.settings));
    }
  }
  return tests;
}

}  // namespace

std::vector<ClaimTest> sigma_is_low(const ClaimEvidence& evidence) {
  return tests_of(evidence, {"low_sigma", "similar_sigma"}, Side::below);
}

std::vector<ClaimTest> sigma_is_lowest_in_output(const ClaimEvidence& evidence) {
  return tests_of(evidence, {"low_sigma_most_in_output"}, Side::below);
}

std::vector<ClaimTest> weights_peak_at_zero(const ClaimEvidence& evidence) {
  return tests_of(evidence, {"peak_at_zero"}, Side::above, 0.5);
}

std::vector<ClaimTest> strengths_correlate(const ClaimEvidence& evidence) {
  return tests_of(evidence, {"correlated_strengths"}, Side::above);
}

std::vector<ClaimTest> strengths_are_high(const ClaimEvidence& evidence) {
  return tests_of(evidence, {"high_strength"}, Side::above);
}

std::vector<ClaimTest> attention_is_weak(const ClaimEvidence& evidence) {
  return tests_of(evidence, {"low_attention_strength"}, Side::below);
}

std::vector<ClaimTest> successful_lie_together(const ClaimEvidence& evidence) {
  std::vector<ClaimTest> tests;
  if (evidence.projection == nullptr) return tests;
  for (const FamilyProjection& family : evidence.projection->families) {
    for (const LayerProjection& layer : family.layers) {
      for (const Separation& row : layer.separations) {
        // The planes lose what the quantiles have: one test for each layer and scope.
        if (row.space != "quantiles" || row.verdict == Verdict::not_tested) continue;
        ClaimTest& test = tests.emplace_back();
        test.dataset = family.of->dataset;
        test.family = family.of->family;
        test.scope = layer.role + " layers, " + among(row.scope);
        test.statistic = "share whose nearest neighbour has their group";
        test.effect = row.agreement;
        test.bound = row.expected;
        test.count = row.points;
        test.counted = "networks";
        test.p = std::min(1.0, 2.0 * std::min(row.p, row.p_below));
      }
    }
  }
  return tests;
}

}  // namespace minima::analysis
