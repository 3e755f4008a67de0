#include "report/screens/comparison_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace minima::report {
namespace {

using analysis::DataMatch;
using analysis::DatasetComparison;

DatasetComparison compared(double mean, double low, double high) {
  DatasetComparison dataset{.dataset = "digits", .test_images = 1000, .per_image = true};
  for (const char* name : {"dnn 4", "dnn 8"}) {
    dataset.pairs.push_back({.architecture = name,
                             .parameters = 100,
                             .first_runs = 3,
                             .second_runs = 3,
                             .difference = {.mean = mean, .low = low, .high = high}});
  }
  dataset.mean = AccuracyDifference{.mean = mean, .low = low, .high = high};
  return dataset;
}

TEST(DifferenceSentence, SaysWhichStudyIsMoreAccurate) {
  EXPECT_EQ(difference_sentence(compared(0.012, 0.004, 0.02)),
            "B is 1.20 points more accurate than A [0.40, 2.00], on average over 2 architectures.");
  EXPECT_EQ(difference_sentence(compared(-0.012, -0.02, -0.004)),
            "B is 1.20 points less accurate than A [0.40, 2.00], on average over 2 architectures.");
}

TEST(DifferenceSentence, ShowsNoDifferenceIfTheIntervalHoldsZero) {
  EXPECT_EQ(difference_sentence(compared(0.003, -0.001, 0.007)),
            "No difference is shown: B minus A is +0.30 points [-0.10, 0.70], on average over 2 "
            "architectures.");
}

TEST(DifferenceSentence, IsCompleteForEveryKindOfComparison) {
  DatasetComparison none{.dataset = "digits"};
  EXPECT_EQ(difference_sentence(none), "No architecture was trained in both studies.");
  none.same_runs = 1;
  EXPECT_EQ(
      difference_sentence(none),
      "Nothing to compare. 1 architecture has the same runs in both studies and is left out.");
  none.match = DataMatch::other_data;
  EXPECT_NE(difference_sentence(none).find("other images under this name"), std::string::npos);
  none.match = DataMatch::one_study;
  none.second.emplace();
  EXPECT_EQ(difference_sentence(none), "Only study B has this dataset.");
}

TEST(DifferenceSentence, OfSingleRunsIsAboutTheseNetworks) {
  DatasetComparison dataset = compared(0.012, 0.004, 0.02);
  dataset.mean->se_seeds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(difference_sentence(dataset).find("new trainings may differ more"), std::string::npos);
}

TEST(PairsSentence, CountsClearDifferences) {
  DatasetComparison dataset = compared(0.012, 0.004, 0.02);
  EXPECT_EQ(pairs_sentence(dataset, 0.95),
            "None of the 2 architectures differs clearly (95 % confidence for all together).");
  dataset.better = 2;
  EXPECT_EQ(pairs_sentence(dataset, 0.95),
            "Of 2 architectures, 2 are clearly better in B and none clearly worse (95 % confidence "
            "for all together).");
  dataset.per_image = false;
  EXPECT_NE(pairs_sentence(dataset, 0.95).find("too wide"), std::string::npos);
}

TEST(AnswerRows, HaveTheAnswersOfBothStudiesAtACommonTarget) {
  DatasetComparison dataset = compared(0.012, 0.004, 0.02);
  dataset.first.emplace();
  dataset.first->runs = 3;
  dataset.first->target = 0.9;
  dataset.second = dataset.first;
  dataset.second->target = 0.95;
  dataset.second->smallest.emplace();
  dataset.second->smallest->architecture = "dnn 8";
  dataset.common =
      analysis::AnswersAtTarget{.target = 0.9, .first = *dataset.first, .second = *dataset.second};
  const auto rows = answer_rows(dataset);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].first, "90 %");
  EXPECT_EQ(rows[1].first, "none");
  EXPECT_EQ(rows[1].second, "dnn 8, 0 parameters: 0.0 % [0.0, 0.0], 0/0 runs");
  EXPECT_EQ(rows[2].what, "same target");
}

}  // namespace
}  // namespace minima::report
