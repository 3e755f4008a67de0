#include "statistics/fits/isotonic.h"

#include <gtest/gtest.h>

namespace minima {
namespace {

using Values = std::vector<double>;

TEST(IsotonicFit, PoolsViolatorsIntoTheirWeightedMean) {
  EXPECT_EQ(isotonic_fit(Values{1, 5, 2, 6}, Values{1, 1, 3, 1}), (Values{1, 2.75, 2.75, 6}));
  EXPECT_EQ(antitonic_fit(Values{1, 5, 2, 6}, Values{1, 1, 1, 1}), (Values{3.5, 3.5, 3.5, 3.5}));
}

TEST(IsotonicFit, KeepsIncreasingValues) {
  EXPECT_EQ(isotonic_fit(Values{1, 2, 2, 3}, Values{1, 2, 3, 4}), (Values{1, 2, 2, 3}));
  EXPECT_EQ(isotonic_fit(Values{}, Values{}), Values{});
}

TEST(IsotonicFit, AValueWithoutWeightFollowsTheOthers) {
  EXPECT_EQ(isotonic_fit(Values{4, 9, 5}, Values{1, 0, 1}), (Values{4, 5, 5}));
  EXPECT_EQ(isotonic_fit(Values{3, 1}, Values{0, 0}), (Values{2, 2}));
}

}  // namespace
}  // namespace minima
