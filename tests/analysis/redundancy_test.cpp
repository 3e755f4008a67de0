#include "analysis/compression/redundancy.h"

#include <gtest/gtest.h>

#include "core/numbers/random.h"
#include "planted_variants.h"

namespace minima::analysis {
namespace {

TEST(RunRedundancy, EndsWhereTheLineToTheFirstLossCrossesTheTolerance) {
  const RunRedundancy found = redundancy_of({{0.5, 0.0}, {0.7, 0.02}, {0.9, 0.5}}, 0.01);
  EXPECT_DOUBLE_EQ(found.sparsity, 0.6);
  EXPECT_FALSE(found.beyond);
}

TEST(RunRedundancy, BeginsAtTheTrainedNetwork) {
  EXPECT_DOUBLE_EQ(redundancy_of({{0.2, 0.04}}, 0.01).sparsity, 0.05);
}

TEST(RunRedundancy, IsNotSavedByALaterRecovery) {
  EXPECT_DOUBLE_EQ(redundancy_of({{0.1, 0.02}, {0.2, 0.0}, {0.3, 0.0}}, 0.01).sparsity, 0.05);
}

TEST(RunRedundancy, TakesPointsInAnyOrderAndGainsAsNoLoss) {
  EXPECT_DOUBLE_EQ(redundancy_of({{0.7, 0.03}, {0.5, -0.01}}, 0.01).sparsity, 0.6);
}

TEST(RunRedundancy, OfEqualSparsitiesHasTheLargestLoss) {
  EXPECT_DOUBLE_EQ(redundancy_of({{0.5, 0.0}, {0.5, 0.02}, {0.7, 0.5}}, 0.01).sparsity, 0.25);
  // Both are within the tolerance. The line begins at the larger loss: (0.01 - 0.005) / (0.02 -
  // 0.005).
  EXPECT_DOUBLE_EQ(redundancy_of({{0.5, 0.0}, {0.5, 0.005}, {0.8, 0.02}}, 0.01).sparsity, 0.6);
}

TEST(RunRedundancy, ThatWasNeverCrossedIsALowerBound) {
  const RunRedundancy found = redundancy_of({{0.5, 0.0}, {0.9, 0.01}}, 0.01);
  EXPECT_DOUBLE_EQ(found.sparsity, 0.9);
  EXPECT_TRUE(found.beyond);
}

TEST(RunRedundancy, IsUnknownWithoutPrunedNetworks) {
  const RunRedundancy found = redundancy_of({}, 0.01);
  EXPECT_EQ(found.sparsity, 0.0);
  EXPECT_TRUE(found.beyond);
}

TEST(Redundancy, OfOneRunHasNoInterval) {
  const Redundancy one = redundancy_over({{.sparsity = 0.6, .beyond = true}}, 0.95);
  EXPECT_EQ(one.estimate.mean, 0.6);
  EXPECT_FALSE(one.estimate.sd || one.estimate.low || one.estimate.high);
  EXPECT_EQ(one.beyond, 1);
}

TEST(Redundancy, HasStudentsInterval) {
  // Mean 0.6, sd 0.1, 3 runs: 4.302653 x 0.1 / sqrt(3), with the tabulated quantile.
  const Redundancy three = redundancy_over({{0.5}, {0.6}, {0.7}}, 0.95);
  EXPECT_NEAR(*three.estimate.sd, 0.1, 1e-12);
  EXPECT_NEAR(*three.estimate.low, 0.6 - 0.2484138, 1e-7);
  EXPECT_NEAR(*three.estimate.high, 0.6 + 0.2484138, 1e-7);
}

TEST(Redundancy, IntervalStaysBetweenZeroAndOne) {
  const Redundancy wide = redundancy_over({{0.05}, {0.99}}, 0.95);
  EXPECT_EQ(wide.estimate.low, 0.0);
  EXPECT_EQ(wide.estimate.high, 1.0);
}

/// Fraction of 2000 planted populations of `runs` runs whose interval contains the planted mean.
/// Its standard error is 0.5 %.
double coverage(int runs) {
  constexpr int kPopulations = 2000;
  constexpr double kMean = 0.6;
  int covered = 0;
  for (int i = 0; i < kPopulations; ++i) {
    RandomStream random(3, static_cast<std::uint64_t>(i), Purpose::random_design,
                        static_cast<std::uint32_t>(runs));
    std::vector<RunRedundancy> found;
    for (int run = 0; run < runs; ++run) {
      const auto accuracy_at = line_through(kMean + 0.05 * random.normal(), 0.97);
      std::vector<LossPoint> points;
      for (const double s : default_sparsities()) points.push_back({s, 0.97 - accuracy_at(s)});
      found.push_back(redundancy_of(std::move(points), 0.01));
    }
    const MeanEstimate estimate = redundancy_over(found, 0.95).estimate;
    if (*estimate.low <= kMean && kMean <= *estimate.high) ++covered;
  }
  return static_cast<double>(covered) / kPopulations;
}

TEST(Redundancy, IntervalsContainThePlantedMeanAsOftenAsTheySay) {
  EXPECT_NEAR(coverage(2), 0.95, 0.02);
  EXPECT_NEAR(coverage(5), 0.95, 0.02);
  EXPECT_NEAR(coverage(20), 0.95, 0.02);
}

// A noisy loss at 0.3 causes an early first crossing. The monotone curve pools it with its
// neighbour: (0.03 - 0.01) / 2 = 0.01 at 0.3 and 0.4. A line from there to 0.05 at 0.5 crosses 0.02
// at 0.425.
TEST(Redundancy, OfAMonotoneCurveSurvivesOneNoisyLoss) {
  const std::vector<LossPoint> points{
      {0.1, 0.0}, {0.2, 0.0}, {0.3, 0.03}, {0.4, -0.01}, {0.5, 0.05}};
  EXPECT_NEAR(redundancy_of(points, 0.02).sparsity, 0.2 + 0.1 * 2.0 / 3.0, 1e-9);
  const RunRedundancy monotone = monotone_redundancy(points, 0.02);
  EXPECT_NEAR(monotone.sparsity, 0.425, 1e-9);
  EXPECT_FALSE(monotone.beyond);
}

// Losses are 0 up to 0.7, then rise by 0.1 per tenth; the noise is half the tolerance.
TEST(Redundancy, OfAMonotoneCurveIsLessBiasedThanTheFirstCrossing) {
  constexpr double kTruth = 0.71;
  double first = 0.0;
  double monotone = 0.0;
  constexpr int kCurves = 400;
  for (int i = 0; i < kCurves; ++i) {
    RandomStream random(4, static_cast<std::uint64_t>(i), Purpose::random_design);
    std::vector<LossPoint> points;
    for (int k = 1; k < 20; ++k) {
      const double sparsity = 0.05 * k;
      points.push_back({sparsity, std::max(0.0, sparsity - 0.7) + 0.005 * random.normal()});
    }
    first += redundancy_of(points, 0.01).sparsity / kCurves;
    monotone += monotone_redundancy(points, 0.01).sparsity / kCurves;
  }
  EXPECT_LT(first, kTruth - 0.04);
  EXPECT_NEAR(monotone, kTruth, 0.02);
}

// By hand: an error of 0.04 on 1000 images gives sqrt(0.04 / 1000) = 0.00632; the tolerance is
// twice that over a skill of 0.86.
TEST(Redundancy, ToleranceOfSkillIsWhatTheTestImagesCanShow) {
  EXPECT_NEAR(skill_tolerance(0.96, 0.1, 1000, 0.01), 0.014708, 1e-5);
  EXPECT_DOUBLE_EQ(skill_tolerance(0.96, 0.1, 100'000, 0.01), 0.01);
}

}  // namespace
}  // namespace minima::analysis
