#include "analysis/published/published_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hand_made.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// Runs of `dnn 8-8` with these training accuracies.
Population paper_runs(const std::vector<double>& accuracies, const std::string& dataset = "mnist") {
  Population population = HandMade(dataset).add(100, accuracies).population();
  for (record::RunRow& run : population.runs) run.architecture = "dnn 8-8";
  return population;
}

std::vector<PublishedGroups> compared(const Population& population) {
  return published_groups_of(population, selections_of(population), 0.95);
}

TEST(PublishedGroups, CountTheRunsOfEachBandAndGiveTheirMedian) {
  const auto groups =
      compared(paper_runs({0.1, 0.4, 0.5, 0.7, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995}));
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].runs, 10);
  ASSERT_THAT(groups[0].rows, SizeIs(4));
  const std::vector<std::int64_t> counts = {1, 2, 0, 6};  // 0.7 is between two bands
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(groups[0].rows[i].count, counts[i]);
  EXPECT_DOUBLE_EQ(*groups[0].rows[1].median, 0.45);
  EXPECT_FALSE(groups[0].rows[1].interval) << "two runs are too few";
  EXPECT_FALSE(groups[0].rows[2].median);
  const PublishedGroupRow& high = groups[0].rows[3];
  EXPECT_DOUBLE_EQ(*high.median, 0.9825);
  EXPECT_DOUBLE_EQ(high.interval->low, 0.96);
  EXPECT_DOUBLE_EQ(high.interval->high, 0.995);
  EXPECT_DOUBLE_EQ(high.share, 0.6);
  EXPECT_EQ(high.published.median, 98.55);
}

TEST(PublishedGroups, LeaveOutNetworksUnlikeThePaper) {
  Population population = paper_runs({0.96, 0.97});
  population.runs[1].architecture = "dnn 8-8-8";
  const auto groups = compared(population);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].runs, 1);
  EXPECT_EQ(groups[0].left_out, 1);
}

TEST(PublishedGroups, KnowTheNetworksOfThePaper) {
  for (const char* of_paper : {"dnn 5-200", "cnn 8", "vit paper h4", "vit paper h4 drop0.1"}) {
    EXPECT_TRUE(is_of_paper_l(of_paper)) << of_paper;
  }
  for (const char* other : {"dnn 5", "dnn 5-5-5", "dnn 5-5 gelu", "cnn 8-8", "cnn 8 k5",
                            "cnn 8 gap", "vit d64 h4 l2 p7", "unknown 3"}) {
    EXPECT_FALSE(is_of_paper_l(other)) << other;
  }
}

TEST(PublishedGroups, AreThoseOfWholeDatasetsOnly) {
  EXPECT_THAT(compared(paper_runs({0.9}, "mnist train=1000")), IsEmpty());
  EXPECT_THAT(compared(paper_runs({0.9}, "glyphs")), IsEmpty());
}

TEST(PublishedGroups, CountADivergedRunAsNonWithoutAnAccuracy) {
  Population population = HandMade("mnist").add(100, {0.1}).add_diverged(100).population();
  for (record::RunRow& run : population.runs) run.architecture = "dnn 8-8";
  const auto groups = compared(population);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].rows[0].count, 2);
  EXPECT_DOUBLE_EQ(*groups[0].rows[0].median, 0.1);
}

TEST(PublishedGroups, NameTheTrainingOptionsThatDiffer) {
  EXPECT_EQ(options_unlike_paper_l({.train = "seed=1 init=normal(sd=0.02)"}), "");
  EXPECT_EQ(options_unlike_paper_l({.train = "seed=1 init=normal scaling=standardised"}), "");
  EXPECT_EQ(options_unlike_paper_l({.train = "seed=1 epochs=4"}), "epochs=4 init=he-normal");
  EXPECT_EQ(options_unlike_paper_l({.train = "seed=1 init=pytorch"}), "init=pytorch");
}

}  // namespace
}  // namespace minima::analysis
