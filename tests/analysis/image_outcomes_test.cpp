#include "analysis/images/image_outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documented_tables.h"
#include "planted_predictions.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::analysis {
namespace {

using Store = PlantedPredictions;

ImageOutcomes outcomes_of(const Store& store) {
  return image_outcomes_of(store.population, store.source(), {});
}

TEST(ImageOutcomes, DescribeEveryArchitecture) {
  const Store store;
  const ImageOutcomes outcomes = outcomes_of(store);
  EXPECT_EQ(outcomes.with_predictions, 4);
  EXPECT_EQ(outcomes.finished, 4);
  const ArchitectureOutcomes* small = outcomes.find("digits", "dnn 1");
  const ArchitectureOutcomes* large = outcomes.find("digits", "dnn 2");
  ASSERT_TRUE(small && large);
  EXPECT_EQ(outcomes.datasets[0].best, 1);
  EXPECT_EQ(outcomes.datasets[0].smallest, 1);
  EXPECT_TRUE(small->per_image);
  EXPECT_NEAR(small->test.mean, 0.89, 1e-12);
  EXPECT_NEAR(large->test.mean, 0.995, 1e-12);
  ASSERT_TRUE(small->below_best);
  EXPECT_NEAR(small->below_best->mean, 0.105, 1e-12);
  EXPECT_FALSE(large->below_best);
  // All errors are in class 2: 10 and 12 of 30.
  ASSERT_EQ(small->classes.classes.size(), 3);
  ASSERT_TRUE(small->classes.worst);
  EXPECT_EQ(small->classes.worst->label, 2);
  EXPECT_NEAR(small->classes.worst->accuracy.mean, 1 - 11.0 / 30, 1e-12);
  EXPECT_NEAR(small->classes.balanced.mean, (3 - 11.0 / 30) / 3, 1e-12);
  ASSERT_TRUE(small->confusion);
  EXPECT_EQ(small->confusion->count(2, 0), 22);
  ASSERT_TRUE(small->agreement);
  EXPECT_NEAR(small->agreement->same, 0.98, 1e-12);
  ASSERT_EQ(small->outcomes.size(), 2);
  EXPECT_NEAR(small->outcomes[0].accuracy, 0.9, 1e-12);
  EXPECT_FALSE(small->outcomes[0].constant);
}

TEST(ImageOutcomes, CompareCompressedNetworksWithTheirOwnRuns) {
  const Store store;
  const ImageOutcomes outcomes = outcomes_of(store);
  for (const char* name : {"dnn 1", "dnn 2"}) {
    const ArchitectureOutcomes* one = outcomes.find("digits", name);
    ASSERT_EQ(one->compressed.size(), 1) << name;
    EXPECT_EQ(one->compressed[0].format.name(), "int4");
    EXPECT_EQ(one->compressed[0].loss.runs, 2);
    EXPECT_NEAR(one->compressed[0].loss.loss.mean, 0.05, 1e-12);
    EXPECT_NEAR(one->compressed[0].loss.forgotten, 0.05, 1e-12);
    EXPECT_NEAR(one->compressed[0].loss.learned, 0.0, 1e-12);
    EXPECT_EQ(one->compressed[0].loss.most_harmed, 0);
  }
}

TEST(ImageOutcomes, CountADivergedRunAsAConstantNetwork) {
  Store store;
  record::RunRow& run = store.population.runs[2];  // the second run of dnn 1
  run.result.status = record::RunStatus::diverged;
  store.predictions.erase(run.id);
  store.population.variants.erase(store.population.variants.begin() + 2);
  const ImageOutcomes outcomes = outcomes_of(store);
  const ArchitectureOutcomes* one = outcomes.find("digits", "dnn 1");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->diverged, 1);
  EXPECT_TRUE(one->per_image);
  EXPECT_NEAR(one->test.mean, (0.9 + 0.4) / 2, 1e-12);
  EXPECT_EQ(one->confusion->count(1, 0), 30);  // of the network that was never trained
  EXPECT_FALSE(one->agreement);                // one run is left
  EXPECT_EQ(one->outcomes.size(), 1);
}

TEST(ImageOutcomes, FindConstantNetworks) {
  Store store;
  store.predictions["dnn 1/0"].test.assign(100, 0);
  store.population.runs[0].result.test_accuracy = 0.4;
  const ImageOutcomes outcomes = outcomes_of(store);
  const auto& runs = outcomes.find("digits", "dnn 1")->outcomes;
  EXPECT_TRUE(runs[0].constant);
  EXPECT_NEAR(runs[0].balanced, 1.0 / 3, 1e-12);
  EXPECT_FALSE(runs[1].constant);
}

TEST(ImageOutcomes, WithoutPredictionsRestOnAccuracies) {
  const Store store;
  const ImageOutcomes without = image_outcomes_of(store.population, {}, {});
  EXPECT_EQ(without.with_predictions, 0);
  EXPECT_EQ(without.finished, 4);
  const ArchitectureOutcomes* one = without.find("digits", "dnn 1");
  ASSERT_TRUE(one);
  EXPECT_FALSE(one->per_image);
  EXPECT_NEAR(one->test.mean, 0.89, 1e-12);
  EXPECT_FALSE(one->classes.worst);
  ASSERT_TRUE(one->below_best);
  // Shared errors are only known with predictions.
  const ImageOutcomes with = outcomes_of(store);
  EXPECT_LT(with.find("digits", "dnn 1")->below_best->se_images, one->below_best->se_images);
}

TEST(ImageOutcomes, OfSomeRunsOnlyAreNotMistakenForAll) {
  Store store;
  store.predictions.erase("dnn 1/1");
  store.population.variants.erase(store.population.variants.begin() + 2);
  const ImageOutcomes outcomes = outcomes_of(store);
  EXPECT_EQ(outcomes.with_predictions, 3);
  EXPECT_FALSE(outcomes.find("digits", "dnn 1")->per_image);
  EXPECT_NEAR(outcomes.find("digits", "dnn 1")->test.mean, 0.89, 1e-12);
  EXPECT_TRUE(outcomes.find("digits", "dnn 2")->per_image);
}

TEST(ImageOutcomes, ReportWhatTheTestSetCannotResolve) {
  const ImageOutcomes outcomes = outcomes_of(Store());
  const auto& resolutions = outcomes.datasets[0].resolutions;
  ASSERT_EQ(resolutions.size(), 2);
  EXPECT_EQ(resolutions[0].setting, "accuracy_tolerance");
  ASSERT_TRUE(resolutions[0].unresolved);  // 100 images, 1 point
  EXPECT_GT(resolutions[0].unresolved->images_needed, 100);
}

TEST(ImageOutcomes, HaveTheTablesThatTheDocumentationDescribes) {
  const Store store;
  const record::AnalysisRecord record = record_of(outcomes_of(store), store.population, "1.0");
  EXPECT_EQ(record.name, "predictions");
  const auto documented = documented_tables();
  std::vector<std::string> names;
  for (const auto& [name, table] : record.tables) {
    names.push_back(name);
    ASSERT_TRUE(documented.contains(name)) << name;
    EXPECT_EQ(documented.at(name), table.columns) << name;
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  }
  EXPECT_THAT(names,
              testing::ElementsAre("accuracy_intervals", "test_resolution", "training_spread",
                                   "class_accuracy", "class_summary", "confusion", "agreement",
                                   "run_classes", "compression_pairs"));
}

}  // namespace
}  // namespace minima::analysis
