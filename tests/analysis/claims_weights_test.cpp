// Claims on learnable parameters, on populations whose weights were made by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/findings.h"
#include "planted_weights.h"

namespace minima::analysis {
namespace {

std::vector<Finding> findings_on(const WeightedPopulation& all, const std::string& claim) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 1000;
  const Convergence convergence = convergence_of(all.population, settings);
  const Compression compression = compression_of(all.population, settings);
  const Weights weights = weights_in(all, settings);
  const Projection projection = projection_in(all, settings);
  const Findings findings = findings_of({.population = all.population,
                                         .convergence = convergence,
                                         .compression = compression,
                                         .settings = settings,
                                         .weights = &weights,
                                         .projection = &projection});
  std::vector<Finding> found;
  for (const Finding& finding : findings.findings) {
    if (finding.claim == claim) found.push_back(finding);
  }
  return found;
}

/// Of the first part on the scope.
Verdict verdict_on(const std::vector<Finding>& findings, const std::string& scope) {
  for (const Finding& finding : findings) {
    for (const FindingPart& part : finding.parts) {
      if (part.test.scope.starts_with(scope)) return part.verdict;
    }
  }
  return Verdict::not_tested;
}

TEST(ClaimsOnWeights, AreSupportedWhereTheyWerePlanted) {
  const WeightedPopulation planted = weighted_population();
  EXPECT_EQ(verdict_on(findings_on(planted, "low_sigma"), "output"), Verdict::supported);
  EXPECT_EQ(verdict_on(findings_on(planted, "peak_at_zero"), "output"), Verdict::supported);
  EXPECT_EQ(verdict_on(findings_on(planted, "strengths_correlate"), "fc1.weight fc2.weight"),
            Verdict::supported);
  EXPECT_EQ(verdict_on(findings_on(planted, "projection"), "output"), Verdict::supported);
}

TEST(ClaimsOnWeights, AreContradictedWhereTheOppositeWasPlanted) {
  // Small weights make small strengths: those of successful networks are lower here.
  const auto findings = findings_on(weighted_population(), "strengths_are_high");
  EXPECT_EQ(verdict_on(findings, "output"), Verdict::contradicted);
}

TEST(ClaimsOnWeights, AreUndecidedWhereNothingWasPlanted) {
  WeightedPopulation all;
  for (int i = 0; i < 30; ++i) {
    const double sd = 0.1 + 0.01 * ((i * 11) % 30);
    add_weighted_run(all, i % 2 == 0 ? 0.95 : 0.3, {sd, sd, sd});
  }
  EXPECT_EQ(verdict_on(findings_on(all, "low_sigma"), "output"), Verdict::undecided);
  EXPECT_EQ(verdict_on(findings_on(all, "projection"), "output"), Verdict::undecided);
}

TEST(ClaimsOnWeights, AreNeverMoreCertainThanTheirPermutations) {
  for (const Finding& finding : findings_on(weighted_population(), "projection")) {
    ASSERT_FALSE(finding.parts.empty());
    for (const FindingPart& part : finding.parts) EXPECT_GE(part.test.p, 2.0 / 20001.0);
  }
}

TEST(ClaimsOnWeights, AreNotTestedWithoutFailedRuns) {
  WeightedPopulation all;
  for (int i = 0; i < 12; ++i) add_weighted_run(all, 0.95, {0.1, 0.1, 0.1});
  const auto findings = findings_on(all, "low_sigma");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].verdict, Verdict::not_tested);
  EXPECT_THAT(findings[0].sentence, testing::HasSubstr("five that failed"));
}

TEST(ClaimsOnWeights, OfTransformersAreNotTestedOnOthers) {
  const auto findings = findings_on(weighted_population(), "attention_is_weak");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].verdict, Verdict::not_tested);
}

}  // namespace
}  // namespace minima::analysis
