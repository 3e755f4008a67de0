#include "analysis/sizes/crossing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/sizes/conditions.h"

namespace minima::analysis {
namespace {

RandomStream crossing_stream() {
  return {1, 1, Purpose::bootstrap};
}

std::vector<Sample> samples(const std::vector<double>& means, double sd, std::int64_t count) {
  std::vector<Sample> result;
  const double n = static_cast<double>(count);
  for (const double mean : means) {
    // The fourth moment of a normal distribution.
    result.push_back({count, mean, sd * sd, 3 * n * sd * sd * sd * sd});
  }
  return result;
}

Crossing crossing(const std::vector<Sample>& levels, double bound) {
  return crossing_of(mean_condition(levels, {bound}), {}, crossing_stream());
}

TEST(Crossing, WithoutNoiseIsTheDefinitionReadLiterally) {
  const Crossing found = crossing(samples({0.5, 0.7, 0.9, 0.95}, 1e-6, 10), 0.9);
  EXPECT_EQ(found.plain, 2U);
  EXPECT_EQ(found.estimate, 2U);
  EXPECT_EQ(found.low, 2U);
  EXPECT_EQ(found.high, 3U) << "0.9 equals the bound: it may as well lie below";
  EXPECT_EQ(crossing(samples({0.5, 0.7, 0.91, 0.95}, 1e-6, 10), 0.9).low, 2U);
  EXPECT_EQ(crossing(samples({0.5, 0.7, 0.91, 0.95}, 1e-6, 10), 0.9).high, 2U);
}

TEST(Crossing, OneNoisyLevelDecidesTheLiteralReadingAlone) {
  const Crossing found =
      crossing(samples({0.5, 0.7, 0.92, 0.93, 0.92, 0.899, 0.93, 0.93}, 0.02, 5), 0.9);
  EXPECT_EQ(found.plain, 6U);
  EXPECT_EQ(found.estimate, 2U);
  EXPECT_LE(found.low, 2U);
  EXPECT_GE(found.high, 2U);
}

TEST(Crossing, HandlesConditionsThatHoldAtNoLevelOrAtAll) {
  EXPECT_EQ(crossing(samples({0.1, 0.2, 0.3}, 0.001, 10), 0.9).estimate, 3U);
  EXPECT_EQ(crossing(samples({0.1, 0.2, 0.3}, 0.001, 10), 0.9).low, 3U);
  EXPECT_EQ(crossing(samples({0.1, 0.2, 0.3}, 0.001, 10), 0.05).estimate, 0U);
  EXPECT_EQ(crossing(samples({0.1, 0.2, 0.3}, 0.001, 10), 0.05).high, 0U);
}

TEST(Crossing, MoreRunsNarrowTheInterval) {
  std::vector<double> means;
  for (int i = 0; i < 40; ++i) means.push_back(0.8 + 0.005 * i);
  const Crossing few = crossing(samples(means, 0.03, 4), 0.9);
  const Crossing many = crossing(samples(means, 0.03, 100), 0.9);
  EXPECT_EQ(few.estimate, 20U);
  EXPECT_EQ(many.estimate, 20U);
  EXPECT_LT(many.high - many.low, few.high - few.low);
}

TEST(Crossing, WithoutReplicatesThereIsNoInterval) {
  EXPECT_FALSE(crossing(samples({0.5, 0.7, 0.95}, 0.0, 1), 0.9).tested);
  EXPECT_EQ(crossing(samples({0.5, 0.7, 0.95}, 0.0, 1), 0.9).estimate, 2U);
}

TEST(Crossing, TogetherIsWhereTheLastConditionBeginsToHold) {
  const Crossing both = together({{3, 4, true, 2, 5}, {6, 6, true, 1, 9}});
  EXPECT_EQ(both.estimate, 6U);
  EXPECT_EQ(both.low, 2U);
  EXPECT_EQ(both.high, 9U);
  EXPECT_FALSE(together({{3, 4, true, 2, 5}, {1, 1, false, 0, 0}}).tested);
}

TEST(ShareCondition, FewRunsCannotProveAHighReliability) {
  // All succeed: P(40 of 40 | 0.95) = 0.129.
  const Crossing found =
      crossing_of(share_condition({{20, 20}, {20, 20}}, 0.95), {}, crossing_stream());
  EXPECT_EQ(found.estimate, 0U);
  EXPECT_EQ(found.high, 2U);
  // P(400 of 400 | 0.95) = 1e-9.
  EXPECT_EQ(
      crossing_of(share_condition({{200, 200}, {200, 200}}, 0.95), {}, crossing_stream()).high, 0U);
}

TEST(SpreadCondition, PoolsTheDegreesOfFreedomOfNeighbours) {
  std::vector<Sample> levels = samples({0.9, 0.9, 0.9, 0.9, 0.9, 0.9}, 0.005, 5);
  levels[0] = samples({0.9}, 0.05, 5)[0];
  levels[3] = samples({0.9}, 0.012, 5)[0];  // an unlucky level
  const Crossing found = crossing_of(spread_condition(levels, 0.01, 10000), {}, crossing_stream());
  EXPECT_EQ(found.plain, 4U);
  EXPECT_EQ(found.estimate, 1U);
  EXPECT_EQ(found.low, 1U);
}

// Two runs of 100 images agree exactly with a probability of 0.2 at a standard deviation of 0.01.
TEST(SpreadCondition, EqualFractionsOfFewImagesShowNoSmallSpread) {
  const std::vector<Sample> equal = samples({0.9}, 0.0, 2);
  EXPECT_LT(spread_condition(equal, 0.01, 100).holds(0, 1), 1.0);
  EXPECT_GT(spread_condition(equal, 0.01, 1'000'000).holds(0, 1), 4.0);
}

TEST(UnevenVariances, AreThoseOfArchitecturesOfLikeSizeBeyondTheNoiseOfRuns) {
  RandomStream noise(3, 1, Purpose::random_design);
  std::vector<double> means;
  for (int i = 0; i < 400; ++i) means.push_back(0.9 + 0.02 * noise.normal());
  const std::vector<double> uneven = uneven_variances(samples(means, 0.01, 4));
  EXPECT_NEAR(std::sqrt(uneven[200]), std::sqrt(0.02 * 0.02 - 0.01 * 0.01 / 4), 0.004);
}

TEST(UnevenVariances, AreZeroIfTheRunsExplainEverything) {
  EXPECT_EQ(uneven_variances(samples({0.9, 0.901, 0.899, 0.9}, 0.02, 4))[1], 0.0);
  EXPECT_EQ(uneven_variances(samples({0.5, 0.6, 0.7}, 0.001, 4))[1], 0.0) << "a trend is no noise";
}

}  // namespace
}  // namespace minima::analysis
