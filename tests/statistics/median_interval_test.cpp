#include "statistics/estimates/median_interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/numbers/random.h"

namespace minima {
namespace {

TEST(MedianInterval, NeedsSixValuesForAConfidenceOf95Percent) {
  const std::vector<double> six = {1, 2, 3, 4, 5, 6};
  const auto interval = median_interval(six, 0.95);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 1);
  EXPECT_EQ(interval->high, 6);
  EXPECT_FALSE(median_interval(std::span(six).first(5), 0.95));
  EXPECT_FALSE(median_interval({}, 0.95));
}

// Of 20 values, the 6th and the 15th: the textbook table of the sign test.
TEST(MedianInterval, IsBetweenTwoOrderStatistics) {
  std::vector<double> values;
  for (int i = 1; i <= 20; ++i) values.push_back(i);
  const auto interval = median_interval(values, 0.95);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 6);
  EXPECT_EQ(interval->high, 15);
}

TEST(MedianInterval, CoversTheMedianOfASkewedDistribution) {
  constexpr int kTrials = 4000;
  RandomStream random(1, 1, Purpose::bootstrap);
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> values(30);
    for (double& value : values) value = std::exp(2.0 * random.normal());  // its median is 1
    std::ranges::sort(values);
    const auto interval = median_interval(values, 0.95);
    if (interval->low <= 1.0 && 1.0 <= interval->high) ++covered;
  }
  // The exact coverage for 30 values is 95.7 %.
  EXPECT_NEAR(covered / double{kTrials}, 0.957, 0.01);
}

}  // namespace
}  // namespace minima
