#include "network/notation/divisors.h"

#include <gtest/gtest.h>

namespace minima::network {
namespace {

TEST(NearestDivisors, AreBelowAndAbove) {
  EXPECT_EQ(nearest_divisors(64, 5, "h"), "h4 or h8");
  EXPECT_EQ(nearest_divisors(64, 8, "h"), "h8");
  EXPECT_EQ(nearest_divisors(7, 3, "p"), "p1 or p7");
  EXPECT_EQ(nearest_divisors(7, 30, "p"), "p7");
}

TEST(NearestDivisors, OfZeroOrNearZeroAreOne) {
  EXPECT_EQ(nearest_divisors(0, 4, "h"), "h1");
  EXPECT_EQ(nearest_divisors(12, 0, "h"), "h1");
  EXPECT_EQ(nearest_divisors(12, -2, "h"), "h1");
}

}  // namespace
}  // namespace minima::network
