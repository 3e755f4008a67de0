#include "compress/quantize/activation_quantizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace minima::compress {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

std::vector<float> applied(NumberFormat format, const Range& range, std::vector<float> values) {
  ActivationQuantizer(format, range).apply(values);
  return values;
}

TEST(ActivationQuantizer, OutputsOfReluUseTheCodesOfIntegerNetworks) {
  const Range range{.low = 0.0F, .high = 15.0F};
  EXPECT_THAT(applied(NumberFormat::int4, range, {0.4F, 7.6F, 99.0F, -1.0F}),
              ElementsAre(0.0F, 8.0F, 15.0F, 0.0F));
  EXPECT_EQ(activation_grid(NumberFormat::int16, range).high, 32767);
}

TEST(ActivationQuantizer, ZeroIsExactInRangesOfBothSigns) {
  const Range range{.low = -1.0F, .high = 2.0F};
  const AffineGrid grid = activation_grid(NumberFormat::int2, range);
  EXPECT_EQ(grid.zero_point, 1);
  EXPECT_THAT(applied(NumberFormat::int2, range, {-5.0F, 0.2F, 1.4F, 9.0F}),
              ElementsAre(-1.0F, 0.0F, 1.0F, 2.0F));
  EXPECT_EQ(activation_grid(NumberFormat::int16, range).low, -32767);
}

TEST(ActivationQuantizer, Fp8UsesItsWholeRange) {
  EXPECT_THAT(applied(NumberFormat::fp8_e4m3, {.low = -1.0F, .high = 0.5F}, {-1.0F, 9.0F, 0.0F}),
              ElementsAre(FloatEq(-1.0F), FloatEq(1.0F), 0.0F));
}

TEST(ActivationQuantizer, SixteenBitFloatsNeedNoRange) {
  EXPECT_THAT(applied(NumberFormat::bf16, {}, {1.0F + 0x1p-9F, -3.0F}), ElementsAre(1.0F, -3.0F));
}

TEST(ActivationQuantizer, GradientsPassWhereNothingIsClamped) {
  const ActivationQuantizer four_bits(NumberFormat::int4, {.low = 0.0F, .high = 15.0F});
  EXPECT_TRUE(four_bits.passes(15.4F));  // rounds to the last code
  EXPECT_FALSE(four_bits.passes(15.6F));
  EXPECT_FALSE(four_bits.passes(-0.6F));
  const ActivationQuantizer fp8(NumberFormat::fp8_e5m2, {.low = 0.0F, .high = 1.0F});
  EXPECT_TRUE(fp8.passes(1.0F));
  EXPECT_FALSE(fp8.passes(1.5F));
}

TEST(ActivationQuantizer, RangesOfZeroAreHarmless) {
  EXPECT_THAT(applied(NumberFormat::int8, {}, {0.0F}), ElementsAre(0.0F));
  EXPECT_THAT(applied(NumberFormat::fp8_e4m3, {}, {0.0F}), ElementsAre(0.0F));
}

TEST(ActivationQuantizer, TernaryAndBinaryAreRefused) {
  EXPECT_THROW(ActivationQuantizer(NumberFormat::ternary, {}), std::invalid_argument);
  EXPECT_THROW(ActivationQuantizer(NumberFormat::binary, {}), std::invalid_argument);
}

}  // namespace
}  // namespace minima::compress
