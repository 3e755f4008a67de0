#include "statistics/permutation_test.h"

#include <gtest/gtest.h>

namespace minima {
namespace {

TEST(PermutationTest, RunsToTheMaximumForASmallP) {
  PermutationTest test(20'000, 10);
  while (test.goes_on()) test.add(false);
  EXPECT_EQ(test.made(), 20'000);
  EXPECT_DOUBLE_EQ(test.p(), 1.0 / 20'001.0);
}

TEST(PermutationTest, StopsAfterFiftyExtremePermutations) {
  PermutationTest rare(20'000, 10);
  while (rare.goes_on()) rare.add(rare.made() % 100 == 99);
  EXPECT_EQ(rare.made(), 5000);
  EXPECT_NEAR(rare.p(), 0.01, 0.001);
  PermutationTest common(20'000, 10);
  while (common.goes_on()) common.add(common.made() % 2 == 1);
  EXPECT_EQ(common.made(), 1000) << "so many are always made";
}

TEST(PermutationTest, MakesFewerPermutationsForManyObservations) {
  PermutationTest test(20'000, 14'400);
  while (test.goes_on()) test.add(false);
  EXPECT_EQ(test.made(), 100'000'000 / 14'401);
}

TEST(PermutationTest, StaysWithinTheRequestedMaximum) {
  PermutationTest test(100, 10);
  while (test.goes_on()) test.add(true);
  EXPECT_EQ(test.made(), 100);
  EXPECT_EQ(test.p(), 1.0);
}

}  // namespace
}  // namespace minima
