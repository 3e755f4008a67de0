#include "core/numbers/portable_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace minima {
namespace {

double relative_error(double value, double expected) {
  return std::fabs(value - expected) / std::fabs(expected);
}

TEST(PortableLog, AgreesWithTheLibraryOverAllMagnitudes) {
  for (int exponent = -1074; exponent < 1024; ++exponent) {
    for (const double mantissa : {1.0, 1.1, 1.4142135, 1.5, 1.9999}) {
      const double x = std::ldexp(mantissa, exponent);
      if (x == 1.0) continue;
      EXPECT_LT(relative_error(portable::log(x), std::log(x)), 1e-13) << x;
    }
  }
  EXPECT_EQ(portable::log(1.0), 0.0);
}

TEST(PortableLog, IsAccurateNearOne) {
  for (double distance = 1e-15; distance < 0.5; distance *= 3.0) {
    EXPECT_LT(relative_error(portable::log(1.0 + distance), std::log(1.0 + distance)), 1e-13);
    EXPECT_LT(relative_error(portable::log(1.0 - distance), std::log(1.0 - distance)), 1e-13);
  }
}

TEST(PortableExp, AgreesWithTheLibraryOverItsRange) {
  for (double x = -700.0; x <= 700.0; x += 0.37) {
    EXPECT_LT(relative_error(portable::exp(x), std::exp(x)), 1e-13) << x;
  }
  EXPECT_EQ(portable::exp(0.0), 1.0);
}

TEST(PortableSinAndCos, AgreeWithTheLibraryOverTheirRange) {
  for (double x = -1e6; x <= 1e6; x += 997.13) {
    for (const double near : {x, x / 1000.0, x / 100'000.0}) {
      EXPECT_LT(std::fabs(portable::sin(near) - std::sin(near)), 1e-15) << near;
      EXPECT_LT(std::fabs(portable::cos(near) - std::cos(near)), 1e-15) << near;
    }
  }
}

TEST(PortableSinAndCos, AreExactAtZeroAndAccurateInEveryQuadrant) {
  EXPECT_EQ(portable::sin(0.0), 0.0);
  EXPECT_EQ(portable::cos(0.0), 1.0);
  for (double x = -7.0; x <= 7.0; x += 0.01) {
    EXPECT_LT(relative_error(portable::sin(x), std::sin(x)), 1e-13) << x;
    EXPECT_LT(relative_error(portable::cos(x), std::cos(x)), 1e-13) << x;
  }
}

TEST(NormalQuantile, GivesTheKnownQuantiles) {
  // scipy.stats.norm.ppf; the first two are in every table.
  EXPECT_NEAR(portable::normal_quantile(0.975), 1.9599639845400545, 1e-14);
  EXPECT_NEAR(portable::normal_quantile(0.995), 2.5758293035489004, 1e-14);
  EXPECT_NEAR(portable::normal_quantile(0.25), -0.6744897501960817, 1e-15);
  EXPECT_NEAR(portable::normal_quantile(0.001), -3.0902323061678132, 1e-14);
  EXPECT_NEAR(portable::normal_quantile(1e-12), -7.034483825301131, 1e-13);
  EXPECT_NEAR(portable::normal_quantile(1e-300), -37.0470962993612, 1e-12);
  EXPECT_EQ(portable::normal_quantile(0.5), 0.0);
}

TEST(NormalQuantile, InvertsTheDistributionFunction) {
  for (double p = 1e-10; p < 1.0; p += 0.00137) {
    const double x = portable::normal_quantile(p);
    EXPECT_LT(relative_error(0.5 * std::erfc(-x / std::sqrt(2.0)), p), 1e-12) << p;
  }
}

TEST(NormalQuantile, IsOddAboutOneHalf) {
  for (const double p : {0.03125, 0.25, 0x1.0p-30, 0x1.0p-53}) {  // 1 - p is exact
    EXPECT_EQ(portable::normal_quantile(p), -portable::normal_quantile(1.0 - p)) << p;
  }
}

// Checks the bits themselves: generated data sets and initial weights depend on them.
TEST(PortableMath, GivesTheSameBitsOnEveryMachine) {
  std::uint64_t bits = 0;
  for (int i = 1; i <= 1000; ++i) {
    const double x = i / 64.0;
    for (const double value : {portable::log(x), portable::exp(-x), portable::sin(x),
                               portable::cos(x), portable::normal_quantile(i / 1024.0)}) {
      bits = bits * 0x9e3779b97f4a7c15ULL + std::bit_cast<std::uint64_t>(value);
    }
  }
  EXPECT_EQ(bits, 12521117897017705506ULL);
}

}  // namespace
}  // namespace minima
