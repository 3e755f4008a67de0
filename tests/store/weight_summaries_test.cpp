// Weight summaries in a store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_store.h"
#include "record/run_result.h"
#include "record/weight_summary.h"
#include "study/settings/kept.h"
#include "support/temporary_folder.h"

namespace minima::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Summaries = std::vector<std::pair<std::string, record::WeightSummary>>;

Summaries summaries_in(const fs::path& store) {
  Summaries rows;
  open_reader(store)->weight_summaries(
      [&](const std::string& run, record::WeightSummary&& summary) {
        rows.emplace_back(run, std::move(summary));
      });
  return rows;
}

TEST(WeightSummaries, AreReadAsTheyWereRecorded) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(study::KeepWeights::none), example_datasets(), plan);
  record(*writer, plan[1]);
  const Summaries rows = summaries_in(folder / "store");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].first, plan[1].id);
  EXPECT_EQ(rows[0].second.stage, record::WeightStage::start);
  const record::WeightSummary& end = rows[1].second;
  EXPECT_EQ(end.stage, record::WeightStage::end);
  EXPECT_EQ(end.name, "fc1.weight");
  EXPECT_THAT(end.shape, ElementsAre(5, 4));
  EXPECT_EQ(end.statistics.count, 20);
  EXPECT_EQ(end.statistics.mean, 2.0 * number_of(plan[1]));
  EXPECT_TRUE(std::isnan(end.statistics.skewness));
  EXPECT_EQ(end.statistics.stable_rank, 1.5);
  EXPECT_THAT(end.quantiles, ElementsAre(-0.5F, 0.25F, 0.75F));
  EXPECT_EQ(end.histogram.exponent, -8);
  EXPECT_EQ(end.histogram.first_bin, -3);
  EXPECT_THAT(end.histogram.counts, ElementsAre(1, 0, 19));
  EXPECT_EQ(end.nodes.nodes, 2);
  EXPECT_EQ(end.nodes.max, 1.5);
  EXPECT_THAT(end.nodes.values, ElementsAre(0.5F, 1.5F));
}

TEST(WeightSummaries, StandInTheOrderOfThePlanWhicheverEndedFirst) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), plan);
  record(*writer, plan[4]);
  record(*writer, plan[0]);
  const Summaries rows = summaries_in(folder / "store");
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[0].first, plan[0].id);
  EXPECT_EQ(rows[2].first, plan[4].id);
}

TEST(WeightSummaries, OfRunsRecordedWithoutThemAreNone) {
  TemporaryFolder folder;
  const auto plan = example_plan();
  const auto writer = open_writer(folder / "store");
  writer->begin(example_study(), example_datasets(), plan);
  record::RunResult result = example_result(plan[0]);
  result.weights.clear();
  writer->record(plan[0], result, {});
  EXPECT_THAT(summaries_in(folder / "store"), IsEmpty());
}

}  // namespace
}  // namespace minima::store
