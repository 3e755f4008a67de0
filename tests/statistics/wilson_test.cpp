#include "statistics/estimates/wilson.h"

#include <gtest/gtest.h>

namespace minima {
namespace {

TEST(Wilson, AgreesWithTheFormula) {
  // By hand for 8 of 10, z = 1.959964: centre (0.8 + 0.192073) / 1.384146, half-width 1.959964 x
  // sqrt(0.016 + 0.009604) / 1.384146.
  const ProportionInterval interval = wilson_interval(8, 10, 0.95);
  EXPECT_NEAR(interval.low, 0.49016, 2e-5);
  EXPECT_NEAR(interval.high, 0.94332, 2e-5);
}

TEST(Wilson, StaysWithinZeroAndOne) {
  EXPECT_EQ(wilson_interval(0, 20, 0.95).low, 0.0);
  EXPECT_NEAR(wilson_interval(0, 20, 0.95).high, 0.16113, 2e-5);  // z^2 / (n + z^2)
  EXPECT_EQ(wilson_interval(20, 20, 0.95).high, 1.0);
}

}  // namespace
}  // namespace minima
