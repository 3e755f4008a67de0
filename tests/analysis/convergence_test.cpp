#include "analysis/convergence/convergence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documented_tables.h"
#include "named_tables.h"
#include "record/analysis.h"
#include "record/run_row.h"
#include "simulated_population.h"
#include "support/not_empty.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Small networks fail occasionally, large ones do not, and the largest overfit.
Population example_population() {
  Simulation simulation{.levels = {}, .replicates = 6};
  for (int i = 0; i < 12; ++i) {
    simulation.levels.push_back({.parameters = 100LL << i,
                                 .accuracy = 0.97 - 0.5 / (1 << i),
                                 .sd = 0.004,
                                 .failure = i < 3 ? 0.5 : 0.0,
                                 .divergence = i == 0 ? 0.3 : 0.0,
                                 .gap = i > 8 ? 0.03 : 0.001,
                                 .turned = i > 8 ? 1.0 : 0.0,
                                 .architecture = "dnn " + std::to_string(i + 1)});
  }
  return simulate(simulation, 7).population;
}

Convergence example_convergence(const Population& population) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return convergence_of(population, settings);
}

TEST(Convergence, LabelsEveryRunAndDiagnosesThoseThatFailed) {
  const Population population = example_population();
  const Convergence convergence = example_convergence(population);
  const record::AnalysisRecord record = record_of(convergence, population, "0.1.0");
  ASSERT_EQ(record.labels.size(), population.runs.size());
  std::size_t diagnosed = 0;
  for (const record::RunLabels& label : record.labels) {
    EXPECT_TRUE(label.accuracy_group && label.regime) << label.run_id;
    if (!label.diagnosis) continue;
    ++diagnosed;
    EXPECT_EQ(label.accuracy_group, "non") << label.run_id;
  }
  EXPECT_EQ(diagnosed, not_converged(population, convergence.settings).size());
  EXPECT_EQ(table_named(record, "diagnoses").rows.size(), diagnosed);
  EXPECT_GT(diagnosed, 3U);
}

TEST(Convergence, TablesMatchTheStructs) {
  const Population population = example_population();
  const Convergence convergence = example_convergence(population);
  const record::AnalysisRecord record = record_of(convergence, population, "0.1.0");
  const record::Table& sizes = table_named(record, "sizes");
  EXPECT_EQ(sizes.rows.front()[2], record::Cell("dnn, 1 layer"));
  EXPECT_EQ(sizes.rows.front()[3], record::Cell("minimal_parameters"));
  EXPECT_EQ(sizes.rows.front()[5],
            record::Cell(convergence.series[0].minimal.size.parameters.value()));
  const record::Table& levels = table_named(record, "levels");
  ASSERT_EQ(levels.rows.size(), 12U);
  EXPECT_EQ(levels.rows[0][5], record::Cell("unstable"));
  EXPECT_EQ(levels.rows[11][5], record::Cell("overfitting"));
  EXPECT_EQ(table_named(record, "series").rows.size(), 1U);
  EXPECT_EQ(table_named(record, "curves").rows.size(), 1U);
  EXPECT_EQ(table_named(record, "targets").rows.size(), 1U);
  EXPECT_EQ(table_named(record, "front").rows.size(), convergence.datasets[0].front.points.size());
  EXPECT_EQ(table_named(record, "family_sizes").rows.size(), 3U);
  std::int64_t runs = 0;
  for (const auto& row : table_named(record, "accuracy_groups").rows) {
    runs += std::get<std::int64_t>(row[8]);
  }
  EXPECT_EQ(runs, 72);
}

/// Networks without pooling that are still rising, and one with pooling that is small and good.
TEST(Convergence, AGoodNetworkIsNotUnstableBecauseOthersOfItsFamilyAreWorse) {
  Simulation simulation{
      .family = network::Family::cnn, .levels = {}, .replicates = 5, .test_count = 1000};
  simulation.levels = {
      {.parameters = 2346, .accuracy = 0.998, .sd = 0.002, .architecture = "cnn 4-8 max2"},
      {.parameters = 6780, .accuracy = 0.5, .sd = 0.1, .failure = 0.3, .architecture = "cnn 1"},
      {.parameters = 13'550, .accuracy = 0.9, .sd = 0.03, .architecture = "cnn 2"},
      {.parameters = 27'090, .accuracy = 0.93, .sd = 0.02, .architecture = "cnn 4"}};
  const Population population = simulate(simulation, 3).population;
  const Convergence convergence = example_convergence(population);
  const record::AnalysisRecord record = record_of(convergence, population, "0.1.0");
  EXPECT_EQ(record.labels[0].regime, "learning");
  EXPECT_EQ(record.labels[5].regime, "unstable");
  ASSERT_EQ(convergence.series.size(), 2U);
  EXPECT_EQ(convergence.series[1].series.name, "cnn, 2 growing layers, max2");
  EXPECT_EQ(convergence.series[1].minimal.status, MinimalStatus::one_size);
  EXPECT_EQ(convergence.series[0].minimal.status, MinimalStatus::still_rising);
  ASSERT_EQ(convergence.datasets[0].front.points.size(), 1U);
  EXPECT_EQ(convergence.datasets[0].target.best_architecture, "cnn 4-8 max2");
}

TEST(Convergence, OfAStoreWithoutResultsIsEmpty) {
  Population population = example_population();
  for (record::RunRow& run : population.runs) run.result = {};
  const Convergence convergence = example_convergence(population);
  EXPECT_THAT(convergence.families, IsEmpty());
  const record::AnalysisRecord record = record_of(convergence, population, "0.1.0");
  EXPECT_THAT(record.labels, IsEmpty());
  EXPECT_EQ(record.runs, 0);
}

TEST(Convergence, EveryTableAndColumnIsDocumented) {
  const Population population = example_population();
  const auto record = record_of(example_convergence(population), population, "0.1.0");
  const auto documented = documented_tables();
  for (const auto& [name, table] : not_empty(record.tables)) {
    ASSERT_TRUE(documented.contains(name)) << name;
    EXPECT_EQ(documented.at(name), table.columns) << name;
  }
}

}  // namespace
}  // namespace minima::analysis
