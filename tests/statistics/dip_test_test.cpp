#include "statistics/tests/dip_test.h"

#include <gtest/gtest.h>

#include <vector>

namespace minima {
namespace {

double p_of(const std::vector<double>& values) {
  return dip_test(values, 500, RandomStream(1, 2, Purpose::bootstrap));
}

TEST(Dip, OfEvenlySpacedValuesIsTheSmallestPossible) {
  // 1 / (2 n): the empirical function has steps of 1 / n, and a straight line halves every step.
  EXPECT_DOUBLE_EQ(dip_of(std::vector{1.0, 2.0, 3.0, 4.0, 5.0}), 0.1);
  EXPECT_DOUBLE_EQ(dip_of(std::vector{3.0}), 0.5);
  EXPECT_DOUBLE_EQ(dip_of(std::vector{3.0, 3.0, 3.0, 3.0}), 0.125);
}

TEST(Dip, OfTwoEqualClumpsIsAQuarter) {
  EXPECT_NEAR(dip_of(std::vector{0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0}), 0.25, 1e-12);
}

TEST(DipTest, FindsTwoModesAndNotOne) {
  RandomStream stream(3, 4, Purpose::random_design);
  std::vector<double> one;
  std::vector<double> two;
  for (int i = 0; i < 100; ++i) {
    one.push_back(stream.normal());
    two.push_back(stream.normal() + (i % 2 == 0 ? 6.0 : 0.0));
  }
  EXPECT_GT(p_of(one), 0.2);
  EXPECT_LT(p_of(two), 0.01);
}

TEST(DipTest, KeepsItsErrorRate) {
  constexpr int kSamples = 300;
  int rejected = 0;
  for (int sample = 0; sample < kSamples; ++sample) {
    RandomStream stream(5, static_cast<std::uint64_t>(sample), Purpose::random_design);
    std::vector<double> values;
    for (int i = 0; i < 20; ++i) values.push_back(stream.uniform());
    if (p_of(values) <= 0.05) ++rejected;
  }
  EXPECT_LE(rejected, 27);  // exceeded with probability 0.1 % for Binomial(300, 0.05)
}

}  // namespace
}  // namespace minima
