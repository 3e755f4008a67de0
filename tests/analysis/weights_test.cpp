#include "analysis/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documented_tables.h"
#include "fake_reader.h"
#include "planted_weights.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

study::AnalysisSettings quick() {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return settings;
}

const WeightFinding& finding(const std::vector<WeightFinding>& findings, const std::string& name,
                             const std::string& layer,
                             const std::string& scope = "equal_architecture") {
  for (const WeightFinding& each : findings) {
    if (each.finding == name && each.layer == layer && each.scope == scope) return each;
  }
  throw std::logic_error("no finding " + name + " of " + layer);
}

TEST(WeightRoles, NameWhatALayerIsFor) {
  EXPECT_EQ(role_of("fc1.weight", 0, 3), "first");
  EXPECT_EQ(role_of("fc2.weight", 1, 3), "hidden");
  EXPECT_EQ(role_of("fc3.weight", 2, 3), "output");
  EXPECT_EQ(role_of("fc1.weight", 0, 1), "output");
  EXPECT_EQ(role_of("block1.attention.q.weight", 0, 7), "attention");
  EXPECT_EQ(role_of("block1.mlp.fc2.weight", 5, 7), "mlp");
}

TEST(Weights, FindWhatWasPlanted) {
  const auto [population, summaries] = weighted_population();
  const Weights weights = weights_of(population, summaries, quick());
  ASSERT_THAT(weights.families, SizeIs(1));
  const auto& findings = weights.families[0].findings;
  const WeightFinding& sigma = finding(findings, "low_sigma", "output");
  EXPECT_EQ(sigma.verdict, Verdict::supported);
  EXPECT_EQ(sigma.value, -1.0);
  EXPECT_EQ(sigma.successful, 15);
  EXPECT_EQ(sigma.failed, 15);
  EXPECT_LT(*sigma.p, 0.01);
  EXPECT_EQ(finding(findings, "similar_sigma", "output").verdict, Verdict::supported);
  EXPECT_EQ(finding(findings, "low_sigma", "first").verdict, Verdict::undecided);
  EXPECT_EQ(finding(findings, "low_sigma_most_in_output", "output", "population").verdict,
            Verdict::supported);
  EXPECT_EQ(finding(findings, "peak_at_zero", "output", "population").verdict, Verdict::supported);
  EXPECT_EQ(finding(findings, "high_strength", "output").verdict, Verdict::contradicted);
  EXPECT_EQ(finding(findings, "correlated_strengths", "fc1.weight fc2.weight").verdict,
            Verdict::supported);
}

TEST(Weights, OfRunsThatSucceedWithAnySigmaAreUndecided) {
  WeightedPopulation all;
  for (int i = 0; i < 30; ++i) {
    const double sd = 0.1 + 0.01 * ((i * 11) % 30);
    add_weighted_run(all, i % 2 == 0 ? 0.95 : 0.3, {sd, sd, sd});
  }
  const Weights weights = weights_of(all.population, all.summaries, quick());
  EXPECT_EQ(finding(weights.families.at(0).findings, "low_sigma", "output").verdict,
            Verdict::undecided);
}

TEST(Weights, AreNotTestedWithoutFailedRuns) {
  WeightedPopulation all;
  for (int i = 0; i < 12; ++i) add_weighted_run(all, 0.95, {0.1, 0.1, 0.1});
  const Weights weights = weights_of(all.population, all.summaries, quick());
  const WeightFinding& sigma = finding(weights.families.at(0).findings, "low_sigma", "output");
  EXPECT_EQ(sigma.verdict, Verdict::not_tested);
  EXPECT_EQ(sigma.value, std::nullopt);
}

TEST(Weights, AmongEqualsDoNotMistakeShapeForSuccess) {
  // The wide network always succeeds and has small weights, the narrow one never does.
  WeightedPopulation all;
  for (int i = 0; i < 10; ++i) {
    add_weighted_run(all, 0.95, {0.1, 0.1, 0.1}, "dnn 64-64");
    add_weighted_run(all, 0.3, {0.5, 0.5, 0.5}, "dnn 2-2");
  }
  const auto findings = weights_of(all.population, all.summaries, quick()).families.at(0).findings;
  EXPECT_EQ(finding(findings, "low_sigma", "output", "population").verdict, Verdict::supported);
  EXPECT_EQ(finding(findings, "low_sigma", "output").verdict, Verdict::not_tested);
}

TEST(WeightDensities, HaveAnAreaOfOneAndMeetTheirHistogram) {
  const auto [population, summaries] = weighted_population();
  const Weights weights = weights_of(population, summaries, quick());
  for (const auto& density : weights.families.at(0).densities) {
    ASSERT_THAT(density.x, SizeIs(101));
    const double step = density.x[1] - density.x[0];
    double area = 0.0;
    double bars = 0.0;
    for (std::size_t i = 0; i < density.x.size(); ++i) {
      area += density.density[i] * step;
      bars += density.histogram[i] * step;
    }
    EXPECT_NEAR(area, 1.0, 0.01);
    EXPECT_NEAR(bars, 1.0, 0.01);
    EXPECT_EQ(density.weights, density.runs * 320);
  }
}

TEST(WeightDistances, AreSmallerWithinSuccessfulRunsThanToFailedOnes) {
  const auto [population, summaries] = weighted_population();
  double within = 0.0;
  double between = 0.0;
  const Weights weights = weights_of(population, summaries, quick());
  for (const auto& row : weights.families.at(0).distances) {
    if (row.role != "output" || row.b != AccuracyGroup::high) continue;
    if (row.a == AccuracyGroup::high) {
      within = row.mean;
      EXPECT_EQ(row.pairs, 15 * 14 / 2);
    } else {
      between = std::max(between, row.mean);
    }
  }
  EXPECT_GT(within, 0.0);
  EXPECT_GT(between, 5.0 * within);
}

TEST(Projection, SeparatesWhatWasPlanted) {
  const auto [population, summaries] = weighted_population();
  const Projection projection = projection_of(population, summaries, quick());
  ASSERT_THAT(projection.families, SizeIs(1));
  const auto& layers = projection.families[0].layers;
  ASSERT_THAT(layers, SizeIs(4));
  EXPECT_EQ(layers[0].role, "all");
  EXPECT_THAT(layers[0].runs, SizeIs(30));
  EXPECT_GT(layers[0].explained[0], layers[0].explained[1]);
  EXPECT_NEAR(layers[0].perplexity, 29.0 / 3.0, 1e-9);
  for (const Separation& row : layers[0].separations) {
    EXPECT_EQ(row.verdict, Verdict::supported) << row.space;
  }
}

TEST(Projection, DrawsNoMoreThanTheSettingSays) {
  const auto [population, summaries] = weighted_population();
  study::AnalysisSettings settings = quick();
  settings.projection_points = 12;
  const Projection projection = projection_of(population, summaries, settings);
  const auto& runs = projection.families.at(0).layers.at(0).runs;
  ASSERT_THAT(runs, SizeIs(12));
  EXPECT_TRUE(std::ranges::is_sorted(runs, {}, &ProjectedRun::run)) << "in the order of the plan";
  settings.projection_points = 0;
  EXPECT_THAT(projection_of(population, summaries, settings).families, IsEmpty());
}

std::vector<store::AnalysisRecord> all_records(const WeightedPopulation& all) {
  auto records = records_of(weights_of(all.population, all.summaries, quick()), "0.1.0");
  for (auto& record : records_of(projection_of(all.population, all.summaries, quick()), "0.1.0")) {
    records.push_back(std::move(record));
  }
  return records;
}

TEST(WeightTables, AreAllThereAndDocumented) {
  const auto documented = documented_tables();
  std::vector<std::string> there;
  for (const store::AnalysisRecord& record : all_records(weighted_population())) {
    EXPECT_EQ(record.runs, 30);
    for (const auto& [name, table] : record.tables) {
      there.push_back(name);
      ASSERT_TRUE(documented.contains(name)) << name;
      EXPECT_EQ(documented.at(name), table.columns) << name;
    }
  }
  EXPECT_THAT(there, ElementsAre("weight_findings", "weight_strengths", "weight_densities",
                                 "weight_distances", "node_correlations", "projections",
                                 "projection_qualities", "projection_separations"));
}

TEST(DegenerateWeights, OfAStoreWithoutSummariesLeaveNothing) {
  WeightedPopulation all = weighted_population();
  all.summaries.clear();
  EXPECT_THAT(all_records(all), IsEmpty());
  EXPECT_THAT(weight_summaries_of(FakeReader()), IsEmpty());
}

TEST(DegenerateWeights, OfOneRunAreDescribedAndNotTested) {
  WeightedPopulation all;
  add_weighted_run(all, 0.95, {0.1, 0.1, 0.1});
  const Weights weights = weights_of(all.population, all.summaries, quick());
  for (const auto& each : weights.families.at(0).findings) {
    EXPECT_EQ(each.verdict, Verdict::not_tested) << each.finding;
  }
  const Projection projection = projection_of(all.population, all.summaries, quick());
  const LayerProjection& layer = projection.families.at(0).layers.at(0);
  EXPECT_EQ(layer.runs.at(0).tsne[0], 0.0F);
  EXPECT_THAT(layer.separations, IsEmpty());
  EXPECT_THAT(all_records(all), SizeIs(2));
}

TEST(DegenerateWeights, OfIdenticalRunsHaveNoDistance) {
  WeightedPopulation all;
  for (int i = 0; i < 12; ++i) {
    add_weighted_run(all, i % 2 == 0 ? 0.95 : 0.3, {0.1, 0.1, 0.1});
    all.summaries[all.population.runs.back().id] = all.summaries["0"];
  }
  const Weights weights = weights_of(all.population, all.summaries, quick());
  for (const auto& distance : weights.families.at(0).distances) EXPECT_EQ(distance.mean, 0.0);
  EXPECT_EQ(finding(weights.families[0].findings, "low_sigma", "output").verdict,
            Verdict::undecided);
  const Projection projection = projection_of(all.population, all.summaries, quick());
  for (const Separation& row : projection.families.at(0).layers.at(0).separations) {
    EXPECT_NE(row.verdict, Verdict::supported);
    EXPECT_TRUE(std::isfinite(row.agreement));
  }
}

TEST(DegenerateWeights, ThatAreConstantHaveNoDensity) {
  WeightedPopulation all;
  for (int i = 0; i < 12; ++i) add_weighted_run(all, i % 2 == 0 ? 0.95 : 0.3, {0.0, 0.0, 0.0});
  const Weights weights = weights_of(all.population, all.summaries, quick());
  for (const auto& density : weights.families.at(0).densities) {
    EXPECT_EQ(density.bandwidth, 0.0);
    EXPECT_THAT(density.x, IsEmpty());
  }
  EXPECT_THAT(weights.families[0].correlations, IsEmpty());
  EXPECT_THAT(all_records(all), SizeIs(2));
}

TEST(DegenerateWeights, OfDivergedRunsAreLeftOut) {
  WeightedPopulation all = weighted_population();
  for (const char* run : {"1", "3"}) {
    for (auto& summary : all.summaries[run]) {
      if (summary.stage == study::WeightStage::end) summary.statistics.not_finite = 1;
    }
  }
  const Weights weights = weights_of(all.population, all.summaries, quick());
  EXPECT_EQ(weights.families.at(0).runs.left_out, 2);
  EXPECT_THAT(weights.families[0].runs.runs, SizeIs(28));
}

}  // namespace
}  // namespace minima::analysis
