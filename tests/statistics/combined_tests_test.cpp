#include "statistics/tests/combined_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/numbers/random.h"

namespace minima {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

// scipy.stats.combine_pvalues([0.01, 0.2, 0.6], method="stouffer", weights=[1, 2, 3])
TEST(CombinedTests, StoufferAgreesWithSciPy) {
  EXPECT_NEAR(stouffer(std::vector{0.01, 0.2, 0.6}, std::vector{1.0, 2.0, 3.0}), 0.192566215920,
              1e-6);
  EXPECT_NEAR(stouffer(std::vector{0.03}, std::vector{5.0}), 0.03, 1e-9);
}

TEST(CombinedTests, StoufferOfOppositeEffectsCancels) {
  const std::vector<TwoSides> sides{sides_of(0.01, true), sides_of(0.01, false)};
  const TwoSides both = stouffer(sides, std::vector{1.0, 1.0});
  EXPECT_NEAR(both.supporting, 0.5, 1e-9);
  EXPECT_NEAR(two_sided(both), 1.0, 1e-9);
}

// By hand: 3 x 0.01, 3/2 x 0.04, 3/3 x 0.05.
TEST(CombinedTests, SimesTakesTheSmallestRankedPValue) {
  EXPECT_DOUBLE_EQ(simes(std::vector{0.05, 0.01, 0.04}), 0.03);
  EXPECT_DOUBLE_EQ(simes(std::vector{0.04, 0.04, 0.04}), 0.04);
}

// By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, and 1 x 0.04, raised to the preceding value.
TEST(CombinedTests, HolmStepsDownMonotonically) {
  EXPECT_THAT(holm({0.01, 0.04, 0.03, 0.005}),
              ElementsAre(DoubleEq(0.03), DoubleEq(0.06), DoubleEq(0.06), DoubleEq(0.02)));
  EXPECT_THAT(holm({0.9, 0.8}), ElementsAre(1.0, 1.0));
  EXPECT_TRUE(holm({}).empty());
}

// By hand, at 0.05: with k = 1 three could be significant, with k = 2 two (0.02 <= 0.025).
TEST(CombinedTests, TaroneLeavesOutHypothesesThatCannotBeSignificant) {
  EXPECT_THAT(testable(std::vector{0.001, 0.02, 0.04, 0.3}, 0.05),
              ElementsAre(true, true, false, false));
  EXPECT_THAT(testable(std::vector{0.3}, 0.05), ElementsAre(false));
}

TEST(CombinedTests, UnderTheNullStouffersPIsUniform) {
  int significant = 0;
  constexpr int kSamples = 4000;
  RandomStream random(3, 1, Purpose::random_design);
  for (int i = 0; i < kSamples; ++i) {
    std::vector<TwoSides> sides;
    for (int k = 0; k < 3; ++k) sides.push_back(sides_of(random.uniform(), random.uniform() < 0.5));
    significant += two_sided(stouffer(sides, std::vector{1.0, 2.0, 1.5})) <= 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(significant / static_cast<double>(kSamples), 0.05, 0.014);  // four standard errors
}

}  // namespace
}  // namespace minima
