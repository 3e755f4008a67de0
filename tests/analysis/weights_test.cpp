#include "analysis/weights/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documented_tables.h"
#include "fake_reader.h"
#include "network/families/lower.h"
#include "planted_weights.h"
#include "quick_settings.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/weight_summary.h"
#include "support/not_empty.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const WeightFinding& finding(const std::vector<WeightFinding>& findings, WeightFigure name,
                             LayerRole layer,
                             WeightStatistic statistic = WeightStatistic::log_ratio) {
  for (const WeightFinding& each : findings) {
    const bool is_described =
        each.scope == WeightScope::population && statistic != WeightStatistic::cliff_delta;
    if (is_described || each.finding != name || each.layer != layer) continue;
    if (each.statistic == statistic) return each;
  }
  throw std::logic_error("no finding " + to_string(name) + " of " + to_string(layer));
}

std::vector<LayerRole> roles_in(const std::string& architecture) {
  const auto graph =
      network::graph_of(network::Architecture::parse(architecture), {{1, 28, 28}, 10});
  std::vector<LayerRole> roles;
  for (const LayerMatrix& matrix : matrices_of(graph)) roles.push_back(matrix.role);
  return roles;
}

TEST(WeightRoles, AreWhatAMatrixIsFor) {
  using enum LayerRole;
  EXPECT_THAT(roles_in("dnn 8-8-8"), ElementsAre(first, hidden, hidden, output));
  EXPECT_THAT(roles_in("cnn 4-8"), ElementsAre(first, hidden, output));
  EXPECT_THAT(roles_in("vit d8 h2 l1 p4 cls"),
              ElementsAre(first, attention, attention, attention, attention, mlp, mlp, output));
}

// Random numbers are keyed by them, and stores have them.
TEST(WeightWords, StayWhatStoresHave) {
  EXPECT_EQ(to_string(LayerRole::attention), "attention");
  EXPECT_EQ(to_string(LayerRole::output), "output");
  EXPECT_EQ(to_string(WeightFigure::strength_correlation), "strength_correlation");
  EXPECT_EQ(to_string(WeightStatistic::correlation), "correlation");
  EXPECT_EQ(to_string(WeightScope::equal_architecture), "equal_architecture");
  EXPECT_EQ(to_string(WeightSpace::sorted_weights), "sorted weights");
  EXPECT_EQ(to_string(WeightSpace::tsne), "tsne");
  EXPECT_EQ(to_string(SimilarityScope::other_families), "other families");
}

TEST(Weights, FindPlantedDifferences) {
  const Weights weights = weights_in(weighted_population(), quick());
  ASSERT_THAT(weights.families, SizeIs(1));
  const auto& findings = weights.families[0].findings;
  const WeightFinding& sigma = finding(findings, WeightFigure::sigma, LayerRole::output);
  EXPECT_LT(*sigma.high, -1.0) << "less than a third";
  EXPECT_EQ(sigma.architectures, 8);
  EXPECT_EQ(sigma.successful, 24);
  EXPECT_EQ(sigma.suboptimal, 24);
  EXPECT_LT(*sigma.p, 0.01);
  EXPECT_LT(*finding(findings, WeightFigure::sigma_spread, LayerRole::output,
                     WeightStatistic::spread_difference)
                 .high,
            0.0);
  EXPECT_GT(*finding(findings, WeightFigure::sigma, LayerRole::first).p, 0.05);
  EXPECT_LT(*finding(findings, WeightFigure::sigma_output_less_others, LayerRole::output).high,
            0.0);
  EXPECT_GT(*finding(findings, WeightFigure::near_zero, LayerRole::all).low, 0.0);
  EXPECT_LT(*finding(findings, WeightFigure::node_strength, LayerRole::output).high, 0.0);
  EXPECT_NEAR(*finding(findings, WeightFigure::strength_correlation, LayerRole::all,
                       WeightStatistic::correlation)
                   .value,
              1.0, 1e-3);
  EXPECT_LT(*finding(findings, WeightFigure::sigma, LayerRole::output,
                     WeightStatistic::accuracy_correlation)
                 .high,
            0.0);
}

TEST(Weights, OfRunsThatSucceedWithAnySigmaDoNotDiffer) {
  WeightedPopulation all;
  for (int i = 0; i < 48; ++i) {
    const double sd = 0.1 + 0.01 * ((i * 11) % 48);
    add_weighted_run(all, i % 2 == 0 ? 0.95 : 0.3, {sd, sd, sd},
                     "dnn 8-" + std::to_string(8 + i % 16 / 2));
  }
  const Weights weights = weights_in(all, quick());
  EXPECT_GT(*finding(weights.families.at(0).findings, WeightFigure::sigma, LayerRole::output).p,
            0.05);
}

TEST(Weights, WithoutFailedRunsAreNotCompared) {
  WeightedPopulation all;
  for (int i = 0; i < 12; ++i) add_weighted_run(all, 0.95, {0.1, 0.1, 0.1});
  const Weights weights = weights_in(all, quick());
  const WeightFinding& sigma =
      finding(weights.families.at(0).findings, WeightFigure::sigma, LayerRole::output);
  EXPECT_EQ(sigma.architectures, 0);
  EXPECT_EQ(sigma.value, std::nullopt);
}

TEST(Weights, OfRunsThatNeverLeftChanceAreNotCompared) {
  WeightedPopulation all = weighted_population();
  const auto before = weights_in(all, quick()).families.at(0).findings;
  for (int i = 0; i < 8; ++i) {
    add_weighted_run(all, 0.1, {9.0, 9.0, 9.0}, "dnn 8-" + std::to_string(8 + i));
  }
  const auto after = weights_in(all, quick()).families.at(0).findings;
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].value, after[i].value) << to_string(before[i].finding);
    EXPECT_EQ(before[i].suboptimal, after[i].suboptimal) << to_string(before[i].finding);
  }
}

TEST(Weights, DoNotMistakeShapeForSuccess) {
  // The wide network always succeeds and has small weights; the narrow one never does.
  WeightedPopulation all;
  for (int i = 0; i < 10; ++i) {
    add_weighted_run(all, 0.95, {0.1, 0.1, 0.1}, "dnn 64-64");
    add_weighted_run(all, 0.3, {0.5, 0.5, 0.5}, "dnn 2-2");
  }
  const auto findings = weights_in(all, quick()).families.at(0).findings;
  EXPECT_EQ(
      finding(findings, WeightFigure::sigma, LayerRole::output, WeightStatistic::cliff_delta).value,
      -1.0);
  EXPECT_EQ(
      finding(findings, WeightFigure::sigma, LayerRole::output, WeightStatistic::cliff_delta).p,
      std::nullopt);
  EXPECT_EQ(finding(findings, WeightFigure::sigma, LayerRole::output).value, std::nullopt);
}

TEST(Weights, ShowDifferencesThatExistedBeforeTraining) {
  // Only the initial weights differ; nothing is trained.
  WeightedPopulation all;
  for (int i = 0; i < 16; ++i) {
    const bool good = i % 2 == 0;
    add_weighted_run(all, good ? 0.95 : 0.3, {0.3, 0.3, 0.3}, "dnn 8-" + std::to_string(8 + i / 2));
    for (record::WeightSummary& summary : all.summaries[all.population.runs.back().id]) {
      summary.statistics.sd = good ? 0.1 : 0.5;
    }
  }
  const auto findings = weights_in(all, quick()).families.at(0).findings;
  const WeightFinding& described =
      finding(findings, WeightFigure::sigma, LayerRole::output, WeightStatistic::cliff_delta);
  EXPECT_EQ(described.start_value, -1.0);
  EXPECT_EQ(described.value, -1.0);
  EXPECT_EQ(finding(findings, WeightFigure::sigma, LayerRole::output).value, 0.0);
}

TEST(WeightDensities, HaveAnAreaOfOneAndMeetTheirHistogram) {
  const Weights weights = weights_in(weighted_population(), quick());
  for (const auto& density : not_empty(weights.families.at(0).densities)) {
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
    EXPECT_EQ(density.runs, 24);
  }
}

TEST(WeightDistances, AreSmallerWithinSuccessfulRunsThanToFailedOnes) {
  const WeightedPopulation all = weighted_population();
  double within = 0.0;
  double between = 0.0;
  const Weights weights = weights_in(all, quick());
  for (const auto& row : weights.families.at(0).distances) {
    if (row.role != LayerRole::output || row.b != AccuracyGroup::high) continue;
    if (row.a == AccuracyGroup::high) {
      within = row.mean.value();
      EXPECT_EQ(row.pairs, 24 * 23 / 2);
      EXPECT_LT(row.start_mean.value(), 0.1) << "all began alike";
    } else {
      between = std::max(between, row.mean.value());
    }
  }
  EXPECT_GT(within, 0.0);
  EXPECT_GT(between, 5.0 * within);
}

TEST(Projection, SeparatesPlantedGroups) {
  const WeightedPopulation all = weighted_population();
  const Projection projection = projection_in(all, quick());
  ASSERT_THAT(projection.families, SizeIs(1));
  const auto& layers = projection.families[0].layers;
  ASSERT_THAT(layers, SizeIs(4));
  EXPECT_EQ(layers[0].role, LayerRole::all);
  EXPECT_THAT(layers[0].runs, SizeIs(48));
  EXPECT_GT(layers[0].explained[0], layers[0].explained[1]);
  EXPECT_NEAR(layers[0].perplexity, 47.0 / 3.0, 1e-9);
  for (const Separation& row : layers[0].separations) {
    EXPECT_GT(row.agreement, row.expected + 0.3) << to_string(row.space);
    EXPECT_EQ(row.p.has_value(), row.scope == WeightScope::equal_architecture);
    EXPECT_EQ(row.start_agreement.has_value(), row.space == WeightSpace::quantiles);
  }
  ASSERT_TRUE(projection.families[0].contrast);
  const GroupContrast& contrast = *projection.families[0].contrast;
  EXPECT_EQ(contrast.architectures, 8);
  EXPECT_EQ(contrast.successful, 24);
  EXPECT_GT(contrast.location.r_squared, 0.5);
  EXPECT_LT(contrast.location.p_above, 0.01);
  EXPECT_LT(*contrast.dispersion->high, 0.0);
  EXPECT_NEAR(contrast.least_p, std::pow(10.0, -8.0), 1e-15) << "10 ways to part 6 runs by threes";
}

TEST(Projection, DrawsAtMostTheNumberInTheSettings) {
  const WeightedPopulation all = weighted_population();
  study::AnalysisSettings settings = quick();
  settings.projection_points = 12;
  const Projection projection = projection_in(all, settings);
  const auto& runs = projection.families.at(0).layers.at(0).runs;
  ASSERT_THAT(runs, SizeIs(12));
  EXPECT_TRUE(std::ranges::is_sorted(runs, {}, &ProjectedRun::run)) << "in the order of the plan";
  settings.projection_points = 0;
  EXPECT_THAT(projection_in(all, settings).families, IsEmpty());
}

TEST(Weights, AreComparedPairByPairForAsManyRunsAsTheSettingSays) {
  const WeightedPopulation all = weighted_population();
  study::AnalysisSettings settings = quick();
  settings.projection_points = 8;
  const Weights some = weights_in(all, settings);
  const WeightFamily& family = *some.families.at(0).of;
  EXPECT_EQ(std::ranges::count_if(family.runs, &WeightRun::held), 8);
  std::int64_t pairs = 0;
  for (const auto& row : some.families[0].distances)
    pairs += row.role == LayerRole::first ? row.pairs : 0;
  EXPECT_EQ(pairs, 8 * 7 / 2);
  const Weights whole = weights_in(all, quick());
  for (std::size_t i = 0; i < whole.families[0].findings.size(); ++i) {
    EXPECT_EQ(some.families[0].findings[i].value, whole.families[0].findings[i].value);
  }
  EXPECT_EQ(some.families[0].densities[0].density, whole.families[0].densities[0].density);
  settings.projection_points = 0;
  const Weights none = weights_in(all, settings);
  for (const auto& row : none.families.at(0).distances) {
    EXPECT_EQ(row.mean, std::nullopt);
    EXPECT_GT(row.merged, 0.0);
  }
}

TEST(Weights, HaveCoursesFromTheStartToTheEnd) {
  WeightedPopulation all = weighted_population();
  for (auto& [run, summaries] : all.summaries) {
    auto on_the_way = normal_summary(run, 2, "fc3.weight", {8, 40}, 0.2);
    on_the_way.stage = record::WeightStage::epoch;
    on_the_way.epoch = 4;
    on_the_way.statistics.sd = 0.2;
    summaries.push_back(on_the_way);
  }
  for (record::RunRow& run : all.population.runs) run.result.epochs = 9;
  const Weights weights = weights_in(all, quick());
  const auto& course =
      weights.families.at(0).of->courses.at({LayerRole::output, AccuracyGroup::high});
  ASSERT_EQ(course.size(), 3U);
  EXPECT_NEAR(course.at(0).sd, 0.3, 0.02);
  EXPECT_NEAR(course.at(4).sd, 0.2, 1e-12);
  EXPECT_NEAR(course.at(9).sd, 0.1, 0.02);
  EXPECT_EQ(course.at(4).runs, 24);
}

std::vector<record::AnalysisRecord> all_records(const WeightedPopulation& all) {
  auto records = records_of(weights_in(all, quick()), "0.1.0");
  for (auto& record : records_of(projection_in(all, quick()), "0.1.0")) {
    records.push_back(std::move(record));
  }
  return records;
}

TEST(WeightTables, AreCompleteAndDocumented) {
  const auto documented = documented_tables();
  std::vector<std::string> there;
  for (const record::AnalysisRecord& record : all_records(on_two_datasets(weighted_population()))) {
    EXPECT_EQ(record.runs, 2 * 48);
    for (const auto& [name, table] : record.tables) {
      there.push_back(name);
      ASSERT_TRUE(documented.contains(name)) << name;
      EXPECT_EQ(documented.at(name), table.columns) << name;
    }
  }
  EXPECT_THAT(there, ElementsAre("weight_findings", "weight_strengths", "weight_courses",
                                 "weight_densities", "weight_distances", "node_correlations",
                                 "projections", "projection_qualities", "projection_separations",
                                 "projection_contrasts", "weight_similarities"));
}

TEST(Similarity, IsFoundAcrossDatasets) {
  const Projection projection = projection_in(on_two_datasets(weighted_population()), quick());
  ASSERT_THAT(projection.similarities, SizeIs(2));
  const Similarity& row = projection.similarities[0];
  EXPECT_EQ(row.scope, SimilarityScope::other_datasets);
  EXPECT_EQ(row.references, 24);
  EXPECT_EQ(row.effect.architectures, 8);
  EXPECT_LT(*row.effect.high, 0.0) << "good runs are nearer to the good runs of the other dataset";
  EXPECT_LE(row.effect.p, 0.01);
}

TEST(Similarity, NeedsASecondDatasetOrFamily) {
  EXPECT_THAT(projection_in(weighted_population(), quick()).similarities, IsEmpty());
}

TEST(DegenerateWeights, OfAStoreWithoutSummariesAreEmpty) {
  WeightedPopulation all = weighted_population();
  all.summaries.clear();
  EXPECT_THAT(all_records(all), IsEmpty());
}

TEST(DegenerateWeights, OfOneRunAreDescribedAndNotTested) {
  WeightedPopulation all;
  add_weighted_run(all, 0.95, {0.1, 0.1, 0.1});
  const Weights weights = weights_in(all, quick());
  for (const auto& each : weights.families.at(0).findings) {
    EXPECT_EQ(each.p, std::nullopt) << to_string(each.finding);
  }
  const Projection projection = projection_in(all, quick());
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
  const Weights weights = weights_in(all, quick());
  for (const auto& distance : weights.families.at(0).distances) EXPECT_EQ(distance.mean, 0.0);
  EXPECT_EQ(finding(weights.families[0].findings, WeightFigure::sigma, LayerRole::output).value,
            0.0);
  const Projection projection = projection_in(all, quick());
  EXPECT_FALSE(projection.families.at(0).contrast);
  for (const Separation& row : projection.families.at(0).layers.at(0).separations) {
    EXPECT_TRUE(std::isfinite(row.agreement));
  }
}

TEST(DegenerateWeights, ThatAreConstantHaveNoDensity) {
  WeightedPopulation all;
  for (int i = 0; i < 12; ++i) add_weighted_run(all, i % 2 == 0 ? 0.95 : 0.3, {0.0, 0.0, 0.0});
  const Weights weights = weights_in(all, quick());
  for (const auto& density : weights.families.at(0).densities) {
    if (density.stage == record::WeightStage::start) continue;
    EXPECT_EQ(density.bandwidth, 0.0);
    EXPECT_THAT(density.x, IsEmpty());
  }
  EXPECT_EQ(finding(weights.families[0].findings, WeightFigure::sigma, LayerRole::output).value,
            std::nullopt);
  EXPECT_THAT(weights.families[0].correlations, IsEmpty());
  EXPECT_THAT(all_records(all), SizeIs(2));
}

TEST(DegenerateWeights, OfDivergedRunsAreLeftOutFiniteOrNot) {
  WeightedPopulation all = weighted_population();
  for (const char* run : {"1", "3"}) {
    for (auto& summary : all.summaries[run]) {
      if (summary.stage == record::WeightStage::end) summary.statistics.not_finite = 1;
    }
  }
  const Weights weights = weights_in(all, quick());
  EXPECT_EQ(weights.families.at(0).of->left_out, 2);
  EXPECT_THAT(weights.families[0].of->runs, SizeIs(46));
  all.population.runs[5].result.status = record::RunStatus::diverged;
  EXPECT_EQ(weights_in(all, quick()).families.at(0).of->left_out, 3);
}

}  // namespace
}  // namespace minima::analysis
