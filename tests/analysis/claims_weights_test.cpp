// Claims about learnable parameters, on populations whose weights were built by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/claims/claim_tests.h"
#include "planted_weights.h"
#include "record/run_row.h"
#include "record/weight_summary.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::vector<ClaimTest> weight_tests_on(const WeightedPopulation& all, const std::string& name) {
  const study::AnalysisSettings settings;
  const Convergence convergence;
  const Compression compression;
  const WeightFamilies families = families_of(all, settings);
  Weights weights;
  Projection projection;  // without coordinates in the plane: slow to compute and not decisive
  for (const auto& family : families) {
    weights.families.push_back({.of = family, .findings = weight_findings(*family, settings)});
    projection.families.push_back(
        {.of = family, .layers = {}, .contrast = weights_contrast(*family, settings)});
  }
  projection.similarities = similarities(families, settings);
  for (const Claim& claim : weight_claims()) {
    if (claim.name != name) continue;
    return claim.tests({.population = all.population,
                        .convergence = convergence,
                        .compression = compression,
                        .settings = settings,
                        .weights = &weights,
                        .projection = &projection});
  }
  throw std::logic_error("no claim " + name);
}

// Direction of the effect if p is at most 0.05: 1 supports the claim, -1 contradicts it; else 0.
int decision(const ClaimTest& test) {
  if (test.p > 0.05) return 0;
  return (test.effect > test.bound) == (test.claimed == Side::above) ? 1 : -1;
}

std::vector<int> decisions_on(const WeightedPopulation& all, const std::string& name) {
  std::vector<int> decisions;
  for (const ClaimTest& test : weight_tests_on(all, name)) decisions.push_back(decision(test));
  return decisions;
}

// The planted population as another family, with the layers of a transformer.
WeightedPopulation transformers() {
  WeightedPopulation all = weighted_population();
  const std::vector<std::string> names{"embedding.weight", "block1.attention.v.weight",
                                       "block1.mlp.fc1.weight"};
  std::map<std::string, std::string> architectures;  // a transformer for each dense network
  for (record::RunRow& run : all.population.runs) {
    run.family = network::Family::vit;
    const auto width = 8 * (architectures.size() + 1);
    run.architecture =
        architectures.try_emplace(run.architecture, "vit d" + std::to_string(width) + " h2 l1 p4")
            .first->second;
    for (record::WeightSummary& summary : all.summaries.at(run.id)) {
      summary.name = names.at(static_cast<std::size_t>(summary.tensor));
    }
  }
  return all;
}

TEST(ClaimsOnWeights, HoldWhereTheyWerePlanted) {
  const WeightedPopulation planted = weighted_population();
  for (const char* claim : {"projection", "suboptimal_scatter", "low_sigma",
                            "low_sigma_most_in_output", "peak_at_zero", "strengths_correlate"}) {
    EXPECT_EQ(decisions_on(planted, claim), std::vector{1}) << claim;
  }
  const auto similar = weight_tests_on(planted, "similar_statistics");
  ASSERT_THAT(similar, SizeIs(2));
  EXPECT_EQ(similar[0].scope, "standard deviation");
  EXPECT_EQ(decision(similar[0]), 1);
}

TEST(ClaimsOnWeights, HoldAcrossDatasets) {
  const WeightedPopulation planted = on_two_datasets(weighted_population());
  EXPECT_EQ(decisions_on(planted, "successful_are_similar"), (std::vector{1, 1}));
  EXPECT_THAT(weight_tests_on(weighted_population(), "successful_are_similar"), IsEmpty());
}

TEST(ClaimsOnWeights, AreDecidedAgainstWhereTheOppositeWasPlanted) {
  // Small weights give small strengths: here those of successful networks are lower.
  EXPECT_EQ(decisions_on(weighted_population(), "strengths_are_high"), std::vector{-1});
}

TEST(ClaimsOnWeights, CountArchitectures) {
  const auto tests = weight_tests_on(weighted_population(), "low_sigma");
  ASSERT_THAT(tests, SizeIs(1));
  EXPECT_EQ(tests[0].count, 8);
  EXPECT_EQ(tests[0].counted, "architectures");
  EXPECT_EQ(tests[0].p, 1.0 / 128.0) << "no change of signs is as extreme";
  EXPECT_LT(*tests[0].high, 0.0);
}

TEST(ClaimsOnWeights, OfTooFewArchitecturesAreNotTested) {
  WeightedPopulation all = weighted_population();
  for (record::RunRow& run : all.population.runs) {
    if (run.architecture > "dnn 8-12" || run.architecture == "dnn 8-8") run.architecture = "dnn 4";
  }
  for (const Claim& claim : weight_claims()) {
    for (const ClaimTest& test : weight_tests_on(all, claim.name)) {
      EXPECT_GT(test.least_p, 0.05) << claim.name << ": it is left out as too few";
    }
  }
}

TEST(ClaimsOnWeights, SayWhatStoresLackThatCannotTestThem) {
  for (const Claim& claim : weight_claims()) {
    EXPECT_THAT(claim.study, testing::HasSubstr("six or more")) << claim.name;
  }
}

TEST(ClaimsOnWeights, OfStrengthHaveTheDirectionOfTheFamily) {
  const WeightedPopulation vits = transformers();
  EXPECT_EQ(decisions_on(vits, "mlp_is_weak"), std::vector{1});
  EXPECT_THAT(weight_tests_on(vits, "attention_is_weak"), SizeIs(1));
  EXPECT_THAT(weight_tests_on(vits, "strengths_are_high"), IsEmpty()) << "said of DNN and CNN only";
  EXPECT_THAT(weight_tests_on(vits, "strengths_correlate"), IsEmpty());
  EXPECT_THAT(weight_tests_on(weighted_population(), "attention_is_weak"), IsEmpty());
  EXPECT_THAT(weight_tests_on(weighted_population(), "mlp_is_weak"), IsEmpty());
}

TEST(ClaimsOnWeights, WithoutWeightsAreNotTested) {
  WeightedPopulation all = weighted_population();
  all.summaries.clear();
  for (const Claim& claim : weight_claims()) {
    EXPECT_THAT(weight_tests_on(all, claim.name), IsEmpty());
  }
}

}  // namespace
}  // namespace minima::analysis
