#include "compress/quantize/small_float.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "core/error.h"

namespace minima::compress {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<NumberFormat> floating_formats() {
  return {NumberFormat::fp16, NumberFormat::bf16, NumberFormat::fp8_e4m3, NumberFormat::fp8_e5m2,
          NumberFormat::fp4_e2m1};
}

std::uint32_t codes_of(NumberFormat format) {
  return 1U << info(format).bits;
}

TEST(NumberFormat, EveryNameReadsBackAsItsFormat) {
  std::set<std::string_view> names;
  for (const FormatInfo& each : number_formats()) {
    EXPECT_EQ(parse_number_format(each.name), each.format) << each.name;
    EXPECT_EQ(info(each.format).name, each.name);
    names.insert(each.name);
  }
  EXPECT_EQ(names.size(), 14U);
}

TEST(NumberFormat, RejectsAnUnknownNameAndSuggestsTheNearest) {
  try {
    (void)parse_number_format("fp8-e4m4");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::input);
    EXPECT_NE(std::string(error.what()).find("fp8-e4m3"), std::string::npos) << error.what();
  }
}

TEST(SmallFloat, EveryCodeDecodesAndEncodesToItself) {
  for (const NumberFormat format : floating_formats()) {
    const FloatLayout layout = float_layout(format);
    for (std::uint32_t bits = 0; bits < codes_of(format); ++bits) {
      const float value = decode(layout, static_cast<std::uint16_t>(bits));
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(decode(layout, encode(layout, value))));
        continue;
      }
      ASSERT_EQ(encode(layout, value), bits) << info(format).name << " " << value;
      ASSERT_EQ(std::bit_cast<std::uint32_t>(rounded(layout, value)),
                std::bit_cast<std::uint32_t>(value));
    }
  }
}

TEST(SmallFloat, HasTheLimitsOfItsSpecification) {
  struct Limits {
    NumberFormat format;
    float max, smallest_normal, smallest;
    int not_a_number;  // codes
  };
  // IEEE 754-2008 table 3.5; OCP 8-bit Floating Point Specification, table 1; OCP Microscaling
  // Formats Specification, table 5.
  for (const Limits& expected :
       {Limits{NumberFormat::fp16, 65504.0F, 0x1p-14F, 0x1p-24F, 2 * 1023},
        Limits{NumberFormat::bf16, 0x1.FEp127F, 0x1p-126F, 0x1p-133F, 2 * 127},
        Limits{NumberFormat::fp8_e4m3, 448.0F, 0x1p-6F, 0x1p-9F, 2},
        Limits{NumberFormat::fp8_e5m2, 57344.0F, 0x1p-14F, 0x1p-16F, 2 * 3},
        Limits{NumberFormat::fp4_e2m1, 6.0F, 1.0F, 0.5F, 0}}) {
    const FloatLayout layout = float_layout(expected.format);
    EXPECT_EQ(layout.max_finite(), expected.max);
    EXPECT_EQ(std::ldexp(1.0F, layout.min_exponent()), expected.smallest_normal);
    EXPECT_EQ(decode(layout, 1), expected.smallest);
    int not_a_number = 0;
    for (std::uint32_t bits = 0; bits < codes_of(expected.format); ++bits) {
      if (std::isnan(decode(layout, static_cast<std::uint16_t>(bits)))) ++not_a_number;
    }
    EXPECT_EQ(not_a_number, expected.not_a_number) << info(expected.format).name;
  }
}

TEST(SmallFloat, RoundsToNearestWithTiesToEven) {
  for (const NumberFormat format : floating_formats()) {
    const FloatLayout layout = float_layout(format);
    for (std::uint32_t bits = 0; bits + 1 < codes_of(format) / 2; ++bits) {
      const float low = decode(layout, static_cast<std::uint16_t>(bits));
      const float high = decode(layout, static_cast<std::uint16_t>(bits + 1));
      if (!std::isfinite(low) || !std::isfinite(high)) continue;
      const float middle = low + (high - low) / 2.0F;
      const float even = bits % 2 == 0 ? low : high;
      ASSERT_EQ(rounded(layout, middle), even) << info(format).name << " " << middle;
      ASSERT_EQ(rounded(layout, -middle), -even);
      ASSERT_EQ(rounded(layout, std::nextafter(middle, -1.0F)), low);
      ASSERT_EQ(rounded(layout, std::nextafter(middle, kInfinity)), high);
    }
  }
}

TEST(SmallFloat, OverflowGivesInfinityIfTheFormatHasOne) {
  const FloatLayout fp16 = float_layout(NumberFormat::fp16);
  EXPECT_EQ(rounded(fp16, 65519.996F), 65504.0F);
  EXPECT_EQ(rounded(fp16, 65520.0F), kInfinity);  // half a step above the largest
  const FloatLayout bf16 = float_layout(NumberFormat::bf16);
  EXPECT_EQ(rounded(bf16, std::numeric_limits<float>::max()), kInfinity);
  const FloatLayout e5m2 = float_layout(NumberFormat::fp8_e5m2);
  EXPECT_EQ(rounded(e5m2, 61439.0F), 57344.0F);
  EXPECT_EQ(rounded(e5m2, 61440.0F), kInfinity);
  EXPECT_EQ(rounded(e5m2, -kInfinity), -kInfinity);
}

TEST(SmallFloat, E4m3SaturatesAt448) {
  const FloatLayout e4m3 = float_layout(NumberFormat::fp8_e4m3);
  for (const float large : {449.0F, 464.0F, 465.0F, 1e30F, kInfinity}) {
    EXPECT_EQ(rounded(e4m3, large), 448.0F);
    EXPECT_EQ(rounded(e4m3, -large), -448.0F);
  }
  EXPECT_EQ(encode(e4m3, kInfinity), 0x7E);
  EXPECT_TRUE(std::isnan(rounded(e4m3, std::numeric_limits<float>::quiet_NaN())));
}

TEST(SmallFloat, Fp4HasEightMagnitudesAndNoNaN) {
  const FloatLayout fp4 = float_layout(NumberFormat::fp4_e2m1);
  std::vector<float> values;
  for (std::uint16_t bits = 0; bits < 8; ++bits) values.push_back(decode(fp4, bits));
  EXPECT_EQ(values, (std::vector<float>{0.0F, 0.5F, 1.0F, 1.5F, 2.0F, 3.0F, 4.0F, 6.0F}));
  EXPECT_EQ(rounded(fp4, kInfinity), 6.0F);
  EXPECT_EQ(rounded(fp4, std::numeric_limits<float>::quiet_NaN()), 0.0F);
  EXPECT_EQ(encode(fp4, std::numeric_limits<float>::quiet_NaN()), 0);
}

TEST(SmallFloat, ZerosKeepTheirSign) {
  for (const NumberFormat format : floating_formats()) {
    const FloatLayout layout = float_layout(format);
    EXPECT_EQ(encode(layout, 0.0F), 0);
    EXPECT_EQ(encode(layout, -0.0F), codes_of(format) / 2);
    EXPECT_TRUE(std::signbit(rounded(layout, -1e-45F)));
  }
}

}  // namespace
}  // namespace minima::compress
