#include "analysis/images/misclassified.h"

#include <gtest/gtest.h>

#include "planted_predictions.h"

namespace minima::analysis {
namespace {

// Run r of "dnn 1" predicts class 0 for the last 10 + 2 r images, all of class 2.
TEST(Misclassified, ThoseThatMostRunsGetWrongComeFirst) {
  const PlantedPredictions planted;
  const MisclassifiedImages found =
      misclassified_by({"dnn 1/0", "dnn 1/1"}, "digits", planted.source());
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
  const auto found =
      misclassified_by({"dnn 1/0", "dnn 1/1", "dnn 1/2"}, "digits", planted.source());
  const auto last = std::ranges::find(found.list, 99U, &MisclassifiedImage::image);
  ASSERT_NE(last, found.list.end());
  EXPECT_EQ(last->predicted, 3U);
  EXPECT_EQ(last->wrong, 3);
}

TEST(Misclassified, RunsWithoutPredictionsDoNotCount) {
  PlantedPredictions planted;
  planted.predictions.erase("dnn 1/1");
  EXPECT_EQ(misclassified_by({"dnn 1/0", "dnn 1/1"}, "digits", planted.source()).runs, 1);
  EXPECT_EQ(misclassified_by({"dnn 1/1"}, "digits", planted.source()).runs, 0);
}

}  // namespace
}  // namespace minima::analysis
