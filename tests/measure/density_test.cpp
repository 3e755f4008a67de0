// The cases that no oracle has; measures_parity_test.py compares the others with SciPy.
#include "measure/density.h"

#include <gtest/gtest.h>

#include "measure/wasserstein.h"

namespace minima::measure {
namespace {

TEST(Density, OfValuesThatDoNotDifferHasNoBandwidth) {
  EXPECT_EQ(scott_bandwidth({{0.5}, {100.0}}), 0.0);
  EXPECT_EQ(mode_of({.exponent = -1, .first_bin = 3, .counts = {100}}), 1.75);
}

TEST(Density, HasItsModeWhereMostValuesLie) {
  EXPECT_NEAR(mode_of({.exponent = -3, .first_bin = -3, .counts = {1, 5, 50, 50, 5, 1}}), 0.0,
              1e-9);
  EXPECT_NEAR(mode_of({.exponent = 0, .first_bin = 0, .counts = {10, 10, 10, 10, 100}}), 4.5, 0.3);
}

TEST(Density, OfManyValuesInFewBinsIsNoNarrowerThanABin) {
  EXPECT_EQ(bandwidth_of({.exponent = 2, .first_bin = 0, .counts = {1'000'000, 1'000'000}}), 4.0);
}

TEST(Wasserstein, OfShiftedSamplesIsTheShift) {
  const std::vector<float> a{0.0F, 1.0F, 5.0F};
  const std::vector<float> b{2.0F, 3.0F, 7.0F};
  EXPECT_DOUBLE_EQ(wasserstein_distance(a, b), 2.0);
  EXPECT_DOUBLE_EQ(wasserstein_distance(a, a), 0.0);
  EXPECT_THROW(static_cast<void>(wasserstein_distance(a, std::vector<float>{1.0F})),
               std::invalid_argument);
}

TEST(Wasserstein, OfPointsIsTheAreaBetweenTheirDistributionFunctions) {
  EXPECT_DOUBLE_EQ(wasserstein_distance({{0.0, 4.0}, {1.0, 1.0}}, {{0.0}, {3.0}}), 2.0);
}

}  // namespace
}  // namespace minima::measure
