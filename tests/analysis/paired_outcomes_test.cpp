#include "analysis/images/paired_outcomes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "statistics/estimates/training_spread.h"

namespace minima::analysis {
namespace {

using Row = std::vector<std::uint8_t>;
using Labels = std::vector<std::uint16_t>;

TEST(McNemar, IsTheBinomialTestOfDiscordantImages) {
  // 9 and 1: 2 (1 + 10) / 2^10 = 22/1024; mid-p subtracts P(X = 9) = 10/1024.
  const McNemar found = mcnemar(9, 1);
  EXPECT_NEAR(found.exact, 22.0 / 1024, 1e-12);
  EXPECT_NEAR(found.mid, 12.0 / 1024, 1e-12);
  EXPECT_DOUBLE_EQ(mcnemar(1, 9).exact, found.exact);
  EXPECT_DOUBLE_EQ(mcnemar(0, 0).exact, 1.0);
  EXPECT_DOUBLE_EQ(mcnemar(4, 4).exact, 1.0);
}

/// 1,000 images of ten classes, all correct before.
struct Images {
  Labels labels;
  Row before = Row(1000, 1);
  Images() {
    for (std::size_t j = 0; j < 1000; ++j) labels.push_back(static_cast<std::uint16_t>(j / 100));
  }
};

TEST(PairedLoss, CountsWhatWasForgottenAndLearned) {
  Images images;
  PairedSums sums(images.labels, 10);
  for (int run = 0; run < 2; ++run) {
    Row before = images.before;
    Row after = images.before;
    for (std::size_t j = 200; j < 240; ++j) after[j] = 0;   // 40 of class 2 are forgotten
    for (std::size_t j = 500; j < 510; ++j) before[j] = 0;  // 10 of class 5 are learned
    sums.add(before, after);
  }
  const PairedLoss loss = sums.result(0.01, 0.95);
  EXPECT_EQ(loss.runs, 2);
  EXPECT_NEAR(loss.accuracy_before, 0.99, 1e-12);
  EXPECT_NEAR(loss.accuracy_after, 0.96, 1e-12);
  EXPECT_NEAR(loss.loss.mean, 0.03, 1e-12);
  EXPECT_NEAR(loss.forgotten, 0.04, 1e-12);
  EXPECT_NEAR(loss.learned, 0.01, 1e-12);
  EXPECT_EQ(loss.runs_worse, 2);
  EXPECT_EQ(loss.most_harmed, 2);
  EXPECT_NEAR(loss.most_harmed_before, 1.0, 1e-12);
  EXPECT_NEAR(loss.most_harmed_after, 0.6, 1e-12);
  EXPECT_NEAR(loss.balanced_after, 0.96, 1e-12);
  EXPECT_EQ(loss.verdict, LossVerdict::beyond);
  EXPECT_EQ(loss.constant, 0);
}

TEST(PairedLoss, IsWithinAToleranceOnlyIfTheImagesCanShowIt) {
  Images images;
  PairedSums few(images.labels, 10);
  for (int run = 0; run < 3; ++run) {
    Row after = images.before;
    after[static_cast<std::size_t>(run)] = 0;
    few.add(images.before, after);
  }
  EXPECT_EQ(few.result(0.01, 0.95).verdict, LossVerdict::within);
  // The same relative loss on 20 images is inconclusive.
  const Labels labels = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  PairedSums small(labels, 2);
  for (int run = 0; run < 3; ++run) small.add(Row(20, 1), Row(20, 1));
  const PairedLoss loss = small.result(0.01, 0.95);
  EXPECT_DOUBLE_EQ(loss.loss.mean, 0.0);
  EXPECT_EQ(loss.verdict, LossVerdict::undecided);
}

TEST(PairedLoss, DetectsNetworksThatAlwaysPredictOneClass) {
  Images images;
  PairedSums sums(images.labels, 10);
  Row constant(1000, 0);
  for (std::size_t j = 300; j < 400; ++j) constant[j] = 1;
  sums.add(images.before, constant);
  sums.add(images.before, images.before);
  EXPECT_EQ(sums.result(0.01, 0.95).constant, 1);
}

TEST(TrainingSpread, IsLessThanTheObservedIfImagesExplainPart) {
  // Two networks with equal accuracy but different errors, and a worse one.
  Row first(1000, 1), second(1000, 1), worse(1000, 1);
  for (std::size_t j = 0; j < 50; ++j) first[j] = second[200 + j] = 0;
  for (std::size_t j = 400; j < 520; ++j) worse[j] = 0;
  TwoWaySums equal(1000);
  equal.add(first);
  equal.add(second);
  const auto none = training_spread(equal.result(), 0.95);
  ASSERT_TRUE(none);
  EXPECT_DOUBLE_EQ(none->observed, 0.0);
  EXPECT_DOUBLE_EQ(none->training, 0.0);
  EXPECT_GT(none->by_images, 0.006);  // sqrt(0.05 / 1000) = 0.0071
  equal.add(worse);
  const auto some = training_spread(equal.result(), 0.95);
  ASSERT_TRUE(some);
  EXPECT_NEAR(some->observed, 0.07 / std::sqrt(3.0), 1e-12);  // sd of 0.95, 0.95, 0.88
  EXPECT_GT(some->training, 0.0);
  EXPECT_LT(some->training, some->observed);
  EXPECT_LT(some->low, some->training);
  EXPECT_GT(some->high, some->training);
  EXPECT_NEAR(some->training * some->training,
              some->observed * some->observed - some->by_images * some->by_images, 1e-12);
}

}  // namespace
}  // namespace minima::analysis
