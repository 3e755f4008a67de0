#include "analysis/images/misclassified.h"

#include <gtest/gtest.h>

#include "planted_predictions.h"

namespace minima::analysis {
namespace {

MisclassifiedImages misclassified(const std::vector<std::string>& runs,
                                  const PlantedPredictions& planted) {
  const RunsOnDataset group{"digits", runs};
  return misclassified_by(std::span(&group, 1), planted.source()).front();
}

// Run r of "dnn 1" predicts class 0 for the last 10 + 2 r images, all of class 2.
TEST(Misclassified, ThoseThatMostRunsGetWrongComeFirst) {
  const PlantedPredictions planted;
  const MisclassifiedImages found = misclassified({"dnn 1/0", "dnn 1/1"}, planted);
  EXPECT_EQ(found.runs, 2);
  EXPECT_EQ(found.images, 100);
  ASSERT_EQ(found.list.size(), 12U);
  EXPECT_EQ(found.list.front().image, 90U);
  EXPECT_EQ(found.list.front().wrong, 2);
  EXPECT_EQ(found.list.front().label, 2U);
  EXPECT_EQ(found.list.front().predicted, 0U);
  EXPECT_EQ(found.list.back().image, 89U);
  EXPECT_EQ(found.list.back().wrong, 1);
}

TEST(Misclassified, TheMostFrequentWrongClassIsNamed) {
  PlantedPredictions planted;
  planted.add_run("dnn 1", 10, 2, 10);
  for (const int replicate : {0, 2}) {
    planted.predictions["dnn 1/" + std::to_string(replicate)].test[99] = 3;
  }
  const auto found = misclassified({"dnn 1/0", "dnn 1/1", "dnn 1/2"}, planted);
  const auto last = std::ranges::find(found.list, 99U, &MisclassifiedImage::image);
  ASSERT_NE(last, found.list.end());
  EXPECT_EQ(last->predicted, 3U);
  EXPECT_EQ(last->wrong, 3);
}

TEST(Misclassified, EachGroupHasItsOwnRuns) {
  const PlantedPredictions planted;
  const std::vector<RunsOnDataset> groups{{"digits", {"dnn 1/0"}}, {"digits", {"dnn 2/1"}}};
  const auto found = misclassified_by(groups, planted.source());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].list.size(), 10U);
  EXPECT_EQ(found[1].list.size(), 1U);
}

TEST(Misclassified, RunsWithoutPredictionsDoNotCount) {
  PlantedPredictions planted;
  planted.predictions.erase("dnn 1/1");
  EXPECT_EQ(misclassified({"dnn 1/0", "dnn 1/1"}, planted).runs, 1);
  EXPECT_EQ(misclassified({"dnn 1/1"}, planted).runs, 0);
}

}  // namespace
}  // namespace minima::analysis
