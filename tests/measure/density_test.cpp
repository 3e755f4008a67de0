// Cases without an oracle; measures_parity_test.py compares the others with SciPy.
#include "measure/density.h"

#include <gtest/gtest.h>

#include "measure/wasserstein.h"

namespace minima::measure {
namespace {

TEST(Density, BandwidthOfEqualValuesIsZero) {
  EXPECT_EQ(scott_bandwidth({{0.5}, {100.0}}), 0.0);
}

TEST(Density, BandwidthIsAtLeastABin) {
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
