#include "analysis/population/answer.h"

#include <gtest/gtest.h>

#include <limits>

#include "analysis/population/chance.h"
#include "fake_reader.h"
#include "record/run_result.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

TEST(Answer, SummarisesTheRunsOfAnArchitecture) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_finished("glyphs", "dnn 4", 100, {0.80, 0.90, 0.85});
  const Answer answer = answer_of(store, {});
  EXPECT_EQ(answer.study, "by hand");
  ASSERT_EQ(answer.datasets.size(), 1U);
  ASSERT_EQ(answer.datasets[0].architectures.size(), 1U);
  const ArchitectureAnswer& row = answer.datasets[0].architectures[0];
  EXPECT_EQ(row.architecture, "dnn 4");
  EXPECT_EQ(row.family, network::Family::dnn);
  EXPECT_EQ(row.parameters, 100);
  EXPECT_EQ(row.replicates, 3);
  EXPECT_EQ(row.learned, 3);
  EXPECT_DOUBLE_EQ(row.learned_share, 1.0);
  EXPECT_NEAR(row.accuracy_mean, 0.85, 1e-12);
  EXPECT_NEAR(row.accuracy_sd, 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(row.accuracy_min, 0.80);
  EXPECT_DOUBLE_EQ(row.accuracy_max, 0.90);
  EXPECT_DOUBLE_EQ(row.seconds, 2.0);
}

TEST(Answer, SortsByParametersThenByText) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_finished("glyphs", "dnn 9", 300, {0.5});
  store.add_finished("glyphs", "dnn 7-2", 200, {0.5});
  store.add_finished("glyphs", "dnn 2-7", 200, {0.5});
  const auto rows = answer_of(store, {}).datasets[0].architectures;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].architecture, "dnn 2-7");
  EXPECT_EQ(rows[1].architecture, "dnn 7-2");
  EXPECT_EQ(rows[2].architecture, "dnn 9");
}

TEST(Answer, SeparatesDatasets) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_dataset("textures");
  store.add_finished("glyphs", "dnn 4", 100, {0.9});
  store.add_finished("textures", "dnn 4", 400, {0.3});
  const Answer answer = answer_of(store, {});
  EXPECT_DOUBLE_EQ(answer.datasets[0].architectures[0].accuracy_mean, 0.9);
  EXPECT_EQ(answer.datasets[1].architectures[0].parameters, 400);
  EXPECT_DOUBLE_EQ(answer.datasets[1].architectures[0].accuracy_mean, 0.3);
}

TEST(Answer, NamesTheSmallestWithinOnePointOfTheBest) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_finished("glyphs", "dnn 2", 50, {0.9599});
  store.add_finished("glyphs", "dnn 4", 100, {0.96});
  store.add_finished("glyphs", "dnn 8", 200, {0.965});
  store.add_finished("glyphs", "dnn 16", 400, {0.97});
  store.add_finished("glyphs", "dnn 32", 800, {0.97});
  const DatasetAnswer dataset = answer_of(store, {}).datasets[0];
  EXPECT_EQ(dataset.architectures[*dataset.best].architecture, "dnn 16");
  EXPECT_EQ(dataset.architectures[*dataset.smallest].architecture, "dnn 4")
      << "exactly one point is within one point";
}

TEST(Answer, FollowsTheSettingsToleranceAndSignificance) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_finished("glyphs", "dnn 2", 50, {0.93});
  store.add_finished("glyphs", "dnn 4", 100, {0.96});
  const DatasetAnswer strict = answer_of(store, {}).datasets[0];
  EXPECT_EQ(strict.architectures[*strict.smallest].architecture, "dnn 4");
  const DatasetAnswer lenient = answer_of(store, {.accuracy_tolerance = 0.03}).datasets[0];
  EXPECT_EQ(lenient.architectures[*lenient.smallest].architecture, "dnn 2");
  EXPECT_EQ(answer_of(store, {.significance = 1e-300}).datasets[0].architectures[0].learned, 1);
}

TEST(Answer, ValidationImagesChooseTheBestAndTheSmallest) {
  FakeReader store;
  store.add_dataset("glyphs", 0.1, 500);
  store.add_run("glyphs", "dnn 2", 50, record::RunStatus::finished, 0.97, 2.0, 0.90);
  store.add_run("glyphs", "dnn 4", 100, record::RunStatus::finished, 0.95, 2.0, 0.96);
  const DatasetAnswer dataset = answer_of(store, {}).datasets[0];
  EXPECT_EQ(dataset.architectures[*dataset.best].architecture, "dnn 4");
  EXPECT_EQ(dataset.architectures[*dataset.smallest].architecture, "dnn 4");
  EXPECT_EQ(dataset.validation_count, 500);
}

TEST(Answer, NamesNoNetworkThatAlwaysPredictsOneClass) {
  FakeReader store;
  store.add_dataset("glyphs", 0.95);
  store.add_finished("glyphs", "dnn 1", 10, {0.95, 0.95});
  store.add_finished("glyphs", "dnn 4", 40, {0.98, 0.97});
  const DatasetAnswer dataset = answer_of(store, {.accuracy_tolerance = 0.03}).datasets[0];
  EXPECT_EQ(dataset.architectures[*dataset.smallest].architecture, "dnn 4");
}

TEST(Answer, ADivergedRunCountsAsNotLearnedAndAsTheLargestClass) {
  FakeReader store;
  store.add_dataset("glyphs", 0.2);
  store.add_finished("glyphs", "dnn 4", 100, {0.9});
  store.add_run("glyphs", "dnn 4", 100, record::RunStatus::diverged,
                std::numeric_limits<double>::quiet_NaN());
  const ArchitectureAnswer row = answer_of(store, {}).datasets[0].architectures[0];
  EXPECT_EQ(row.replicates, 2);
  EXPECT_EQ(row.diverged, 1);
  EXPECT_DOUBLE_EQ(row.learned_share, 0.5);
  EXPECT_NEAR(row.accuracy_mean, 0.55, 1e-12);
  EXPECT_DOUBLE_EQ(row.accuracy_min, 0.2);
}

TEST(Answer, LeavesOutWhatIsOnlyPlanned) {
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_dataset("textures");
  store.add_finished("glyphs", "dnn 4", 100, {0.9});
  store.add_run("glyphs", "dnn 4", 100, record::RunStatus::planned);
  store.add_run("glyphs", "dnn 8", 200, record::RunStatus::planned);
  store.add_run("textures", "dnn 8", 200, record::RunStatus::planned);
  const Answer answer = answer_of(store, {});
  EXPECT_EQ(answer.datasets[0].architectures.size(), 1U);
  EXPECT_EQ(answer.datasets[0].architectures[0].replicates, 1);
  EXPECT_EQ(answer.datasets[0].runs_planned, 3);
  EXPECT_EQ(answer.datasets[0].runs_recorded, 1);
  EXPECT_TRUE(answer.datasets[1].architectures.empty());
  EXPECT_FALSE(answer.datasets[1].best);
  EXPECT_FALSE(answer.datasets[1].smallest);
}

TEST(Answer, LearnedMeansSignificantlyMoreThanTheLargestClass) {
  const std::int64_t threshold = Chance(1000, 0.1, 0.001).threshold();
  EXPECT_LT(binomial_upper_tail(threshold, 1000, 0.1), 0.001);
  EXPECT_GE(binomial_upper_tail(threshold - 1, 1000, 0.1), 0.001);
  EXPECT_EQ(threshold, 131);  // scipy.stats.binom.isf(0.001, 1000, 0.1) + 1
  FakeReader store;
  store.add_dataset("glyphs");
  store.add_finished("glyphs", "dnn 2", 50, {0.130, 0.131, 0.1, 0.05});
  EXPECT_EQ(answer_of(store, {}).datasets[0].architectures[0].learned, 1);
}

TEST(Answer, NothingIsLearnedIfAllImagesAreOfOneClass) {
  EXPECT_EQ(Chance(100, 1.0, 0.001).threshold(), 101);
}

}  // namespace
}  // namespace minima::analysis
