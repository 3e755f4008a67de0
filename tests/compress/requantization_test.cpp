#include "compress/integer/requantization.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/numbers/random.h"

namespace minima::compress {
namespace {

constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

TEST(Requantization, RoundsToNearestWithTiesAwayFromZero) {
  const Requantization half = requantization_of(0.5);
  EXPECT_EQ(requantize(3, half), 2);
  EXPECT_EQ(requantize(5, half), 3);
  EXPECT_EQ(requantize(-3, half), -2);
  EXPECT_EQ(requantize(4, half), 2);
  EXPECT_EQ(requantize(0, half), 0);
  EXPECT_EQ(requantize(7, requantization_of(1.0)), 7);
  EXPECT_EQ(requantize(7, requantization_of(2.0)), 14);
}

TEST(Requantization, EqualsTheRoundedExactQuotient) {
  RandomStream random(1, 1, Purpose::calibration);
  for (int i = 0; i < 100'000; ++i) {
    const auto accumulator = static_cast<std::int32_t>(random.next());
    const Requantization by = requantization_of(
        std::ldexp(1.0 + random.uniform(), static_cast<int>(random.below(40)) - 34));
    // 62 bits fit into the 64 bits of a long double; the division by a power of two is exact.
    const long double exact = std::ldexp(
        static_cast<long double>(accumulator) * static_cast<long double>(by.multiplier), -by.shift);
    const long double clamped = std::clamp(std::round(exact), -1.0L * kMost, 1.0L * kMost);
    ASSERT_EQ(requantize(accumulator, by), static_cast<std::int32_t>(clamped)) << accumulator;
  }
}

TEST(Requantization, FactorsHave31Bits) {
  RandomStream random(1, 2, Purpose::calibration);
  for (int i = 0; i < 10'000; ++i) {
    const double factor =
        std::ldexp(1.0 + random.uniform(), static_cast<int>(random.below(61)) - 32);
    const Requantization by = requantization_of(factor);
    ASSERT_GE(by.multiplier, 1U << 30);
    ASSERT_LT(by.multiplier, 1U << 31);
    ASSERT_TRUE(by.shift >= 1 && by.shift <= 62);
    ASSERT_NEAR(std::ldexp(by.multiplier, -by.shift) / factor, 1.0, 0x1p-31);
  }
  EXPECT_EQ(requantization_of(1.0 - 0x1p-40), requantization_of(1.0));
}

TEST(Requantization, TheSmallestFactorsMakeEverythingZero) {
  EXPECT_EQ(requantize(kMost, requantization_of(0.0)), 0);
  EXPECT_EQ(requantize(kMost, requantization_of(0x1.fp-33)), 0);
  EXPECT_EQ(requantize(kMost, requantization_of(0x1.1p-32)), 1);
}

TEST(Requantization, ClampsLargeResults) {
  EXPECT_EQ(requantize(kMost, requantization_of(4.0)), kMost);
  EXPECT_EQ(requantize(-kMost, requantization_of(4.0)), -kMost);
  EXPECT_EQ(requantize(-kMost - 1, requantization_of(1.0)), -kMost);
}

TEST(Requantization, RejectsFactorsOutOfRange) {
  for (const double factor : {-0.1, 0x1p30, std::nan(""), double{INFINITY}}) {
    EXPECT_THROW((void)requantization_of(factor), std::invalid_argument) << factor;
  }
}

}  // namespace
}  // namespace minima::compress
