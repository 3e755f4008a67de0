#include "compress/quantize/quantizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "core/numbers/random.h"

namespace minima::compress {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatEq;
using Rule = Clipping::Rule;

std::vector<float> random_weights(std::size_t count, std::uint32_t stream = 0) {
  RandomStream random(1, 2, Purpose::initial_weights, stream);
  std::vector<float> weights;
  for (std::size_t i = 0; i < count; ++i) weights.push_back(static_cast<float>(random.normal()));
  return weights;
}

std::vector<QuantizerSettings> every_quantizer_setting() {
  std::vector<QuantizerSettings> all;
  for (const FormatInfo& format : number_formats()) {
    for (const auto granularity : {Granularity::tensor, Granularity::output_channel}) {
      for (const auto scheme : {Scheme::symmetric, Scheme::affine}) {
        for (const auto rule : {Rule::max, Rule::percentile, Rule::least_squared_error}) {
          all.push_back({.format = format.format,
                         .granularity = granularity,
                         .scheme = scheme,
                         .clipping = {.rule = rule, .percentile = 95.0}});
        }
      }
    }
  }
  return all;
}

double squared_error(const std::vector<float>& x, const std::vector<float>& y) {
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(double{x[i]} - double{y[i]}, 2);
  return sum;
}

TEST(Quantizer, SymmetricIntegersReachTheLargestWeightOnBothSides) {
  const std::vector<float> weights = {-0.7F, 0.0F, 0.35F, 0.1F};
  const QuantizedTensor result =
      quantize({.values = weights}, {.format = NumberFormat::int4});  // -7..7 in steps of 0.1
  EXPECT_THAT(result.scales, ElementsAre(FloatEq(0.1F)));
  EXPECT_THAT(result.zero_points, ElementsAre(0));
  EXPECT_THAT(result.codes, ElementsAre(-7, 0, 4, 1));  // 3.5 is a tie: to the even 4
  EXPECT_THAT(result.values,
              ElementsAre(FloatEq(-0.7F), FloatEq(0.0F), FloatEq(0.4F), FloatEq(0.1F)));
}

TEST(Quantizer, AffineIntegersUseTheirWholeRangeAndKeepZeroExact) {
  const std::vector<float> weights = {-0.5F, 1.0F, 0.0F};
  const QuantizedTensor result =
      quantize({.values = weights}, {.format = NumberFormat::int2, .scheme = Scheme::affine});
  EXPECT_THAT(result.scales, ElementsAre(0.5F));
  EXPECT_THAT(result.zero_points, ElementsAre(1));
  EXPECT_THAT(result.codes, ElementsAre(0, 3, 1));
  EXPECT_THAT(result.values, ElementsAre(-0.5F, 1.0F, 0.0F));
}

TEST(Quantizer, AnAffineRangeOfOneSignContainsZero) {
  const std::vector<float> weights = {2.0F, 3.0F};
  const QuantizedTensor result =
      quantize({.values = weights}, {.format = NumberFormat::int2, .scheme = Scheme::affine});
  EXPECT_THAT(result.codes, ElementsAre(2, 3));
  EXPECT_THAT(result.zero_points, ElementsAre(0));
}

TEST(Quantizer, EachOutputChannelHasItsOwnScale) {
  const std::vector<float> weights = {1.0F, -0.5F, 0.01F, 0.02F};
  const QuantizedTensor result =
      quantize({.values = weights, .channels = 2},
               {.format = NumberFormat::int8, .granularity = Granularity::output_channel});
  EXPECT_THAT(result.scales, ElementsAre(FloatEq(1.0F / 127.0F), FloatEq(0.02F / 127.0F)));
  EXPECT_THAT(result.codes, ElementsAre(127, -64, 64, 127));
}

TEST(Quantizer, TernaryMatchesTernaryWeightNetworks) {
  // mean|x| = 0.5, threshold 0.35; the mean of the other magnitudes is 1.96 / 3
  const std::vector<float> weights = {1.0F, -0.6F, 0.36F, -0.04F};
  const QuantizedTensor result = quantize({.values = weights}, {.format = NumberFormat::ternary});
  EXPECT_THAT(result.codes, ElementsAre(1, -1, 1, 0));
  EXPECT_THAT(result.scales, ElementsAre(FloatEq(1.96F / 3.0F)));
}

TEST(Quantizer, BinaryMatchesXnorNet) {
  const std::vector<float> weights = {1.0F, -0.5F, 0.0F, -0.1F};
  const QuantizedTensor result = quantize({.values = weights}, {.format = NumberFormat::binary});
  EXPECT_THAT(result.codes, ElementsAre(1, -1, 1, -1));
  EXPECT_THAT(result.scales, ElementsAre(FloatEq(0.4F)));
}

TEST(Quantizer, Fp8UsesTheWholeRangeOfTheFormatUnlessUnscaled) {
  const std::vector<float> weights = {0.001F, -0.002F};
  QuantizerSettings settings{.format = NumberFormat::fp8_e4m3};
  EXPECT_THAT(quantize({.values = weights}, settings).codes, ElementsAre(0x76, 0xFE));
  settings.scaled_fp8 = false;  // half of the smallest value is 2^-10 = 0.00098
  EXPECT_THAT(quantize({.values = weights}, settings).values, ElementsAre(0x1p-9F, -0x1p-9F));
}

TEST(Quantizer, ClippedFp8NeverBecomesInfinite) {
  std::vector<float> weights = random_weights(100);
  weights.push_back(1000.0F);
  for (const NumberFormat format :
       {NumberFormat::fp8_e4m3, NumberFormat::fp8_e5m2, NumberFormat::fp4_e2m1}) {
    const QuantizedTensor result =
        quantize({.values = weights},
                 {.format = format, .clipping = {.rule = Rule::percentile, .percentile = 90.0}});
    EXPECT_LT(result.values.back(), 5.0F);
    EXPECT_GT(result.values.back(), 1.0F);
  }
}

TEST(Quantizer, LeastSquaredErrorIsNeverWorseThanTheFullRange) {
  const std::vector<float> weights = random_weights(600);
  for (QuantizerSettings settings : every_quantizer_setting()) {
    if (settings.clipping.rule != Rule::least_squared_error) continue;
    const TensorView tensor{.values = weights, .channels = 6};
    const double clipped = squared_error(weights, quantize(tensor, settings).values);
    settings.clipping.rule = Rule::max;
    const double full = squared_error(weights, quantize(tensor, settings).values);
    EXPECT_LE(clipped, full) << settings.text();
    const int bits = info(settings.format).bits;
    if (info(settings.format).kind == FormatKind::integer && bits <= 3) {
      EXPECT_LT(clipped, 0.9 * full) << settings.text();
    }
  }
}

TEST(Clipping, FindsTheBestFractionToAThousandth) {
  for (const double best : {0.437, 0.443, 0.999, 0.001, 1.0, 0.5}) {
    EXPECT_EQ(least_error_share([&](double share, double) { return std::fabs(share - best); }),
              best);
  }
  EXPECT_EQ(least_error_share([](double, double) { return 1.0; }), 1.0)
      << "of equal ones the largest";
}

TEST(Quantizer, APrunedWeightIsExactlyZeroInEveryFormat) {
  const std::vector<float> weights = random_weights(60);
  std::vector<std::uint8_t> mask(weights.size(), 1);
  for (std::size_t i = 0; i < mask.size(); i += 3) mask[i] = 0;
  for (const QuantizerSettings& settings : every_quantizer_setting()) {
    const QuantizedTensor result =
        quantize({.values = weights, .channels = 5, .mask = mask}, settings);
    for (std::size_t i = 0; i < mask.size(); i += 3) {
      ASSERT_EQ(result.values[i], 0.0F) << settings.text();
      ASSERT_EQ(result.codes[i], result.zero_point_of(i / 12)) << settings.text();
    }
  }
}

TEST(Quantizer, PrunedWeightsDoNotAffectRangesAndMeans) {
  const std::vector<float> kept = random_weights(40);
  std::vector<float> all = kept;
  all.resize(80, 50.0F);
  std::vector<std::uint8_t> mask(80, 0);
  std::fill_n(mask.begin(), 40, 1);
  for (QuantizerSettings settings : every_quantizer_setting()) {
    settings.granularity = Granularity::tensor;
    EXPECT_EQ(quantize({.values = all, .mask = mask}, settings).scales,
              quantize({.values = kept}, settings).scales)
        << settings.text();
  }
}

TEST(Quantizer, FakeQuantizeMatchesQuantizeAlsoInPlace) {
  std::vector<float> weights = random_weights(300);
  weights[7] = 0.0F;
  weights[8] = 1e-42F;
  std::vector<std::uint8_t> mask(weights.size(), 1);
  mask[3] = 0;
  for (const QuantizerSettings& settings : every_quantizer_setting()) {
    const TensorView tensor{.values = weights, .channels = 3, .mask = mask};
    std::vector<float> values = weights;
    fake_quantize({.values = values, .channels = 3, .mask = mask}, settings, values);
    ASSERT_EQ(values, quantize(tensor, settings).values) << settings.text();
  }
}

TEST(Quantizer, QuantizingTwiceChangesNothing) {
  const std::vector<float> weights = random_weights(64);
  for (const QuantizerSettings& settings : every_quantizer_setting()) {
    if (settings.clipping.rule != Rule::max) continue;
    const QuantizedTensor once = quantize({.values = weights, .channels = 4}, settings);
    const QuantizedTensor twice = quantize({.values = once.values, .channels = 4}, settings);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      ASSERT_NEAR(twice.values[i], once.values[i], 2e-6F * std::fabs(once.values[i]))
          << settings.text();
    }
  }
}

TEST(Quantizer, AllZeroTensorsStayZero) {
  const std::vector<float> zeros(8, 0.0F);
  for (const QuantizerSettings& settings : every_quantizer_setting()) {
    const QuantizedTensor result = quantize({.values = zeros, .channels = 2}, settings);
    EXPECT_THAT(result.scales, Each(settings.format == NumberFormat::binary ? 0.0F : 1.0F))
        << settings.text();
    EXPECT_THAT(result.values, Each(0.0F)) << settings.text();
  }
}

TEST(Quantizer, AConstantTensorKeepsItsValue) {
  const std::vector<float> constant(8, -0.37F);
  for (const QuantizerSettings& settings : every_quantizer_setting()) {
    const float tolerance = info(settings.format).kind == FormatKind::floating ? 0.002F : 1e-6F;
    if (!settings.canonical().scaled_fp8) continue;
    EXPECT_THAT(quantize({.values = constant, .channels = 2}, settings).values,
                Each(testing::FloatNear(-0.37F, tolerance)))
        << settings.text();
  }
}

TEST(Quantizer, AnEmptyTensorHasNoCodes) {
  for (const QuantizerSettings& settings : every_quantizer_setting()) {
    EXPECT_TRUE(quantize({}, settings).codes.empty());
  }
}

TEST(Quantizer, NonFiniteValuesDoNotAffectRanges) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> weights = {-kInfinity, kInfinity, std::nanf(""), -1.0F, 1.0F};
  const QuantizedTensor integers = quantize({.values = weights}, {.format = NumberFormat::int4});
  EXPECT_EQ(integers.not_finite, 3U);
  EXPECT_THAT(integers.codes, ElementsAre(-7, 7, 0, -7, 7));
  const QuantizedTensor ternary = quantize({.values = weights}, {.format = NumberFormat::ternary});
  EXPECT_THAT(ternary.codes, ElementsAre(-1, 1, 0, -1, 1));
  const QuantizedTensor half = quantize({.values = weights}, {.format = NumberFormat::fp16});
  EXPECT_EQ(half.values[0], -kInfinity);
  EXPECT_TRUE(std::isnan(half.values[2]));
}

TEST(Quantizer, HugeAndTinyTensorsHaveFiniteScales) {
  constexpr float kMost = 2e38F;  // their distance overflows
  for (const std::vector<float>& weights :
       {std::vector<float>{-kMost, kMost}, std::vector<float>{-1e-44F, 1e-45F}}) {
    for (const QuantizerSettings& settings : every_quantizer_setting()) {
      if (info(settings.format).kind != FormatKind::integer) continue;
      const QuantizedTensor result = quantize({.values = weights}, settings);
      EXPECT_TRUE(std::isfinite(result.scales[0]) && result.scales[0] > 0.0F);
      EXPECT_NEAR(result.values[0] / weights[0], 1.0F, weights[0] < -1.0F ? 0.51F : 1.0F)
          << settings.text();
    }
  }
}

TEST(Quantizer, RejectsSizesThatDoNotFit) {
  const std::vector<float> weights(6);
  const std::vector<std::uint8_t> mask(5);
  EXPECT_THROW((void)quantize({.values = weights, .channels = 4}, {}), std::invalid_argument);
  EXPECT_THROW((void)quantize({.values = weights, .channels = 0}, {}), std::invalid_argument);
  EXPECT_THROW((void)quantize({.values = weights, .mask = mask}, {}), std::invalid_argument);
}

TEST(QuantizerText, NamesSettingsThatApplyAndDifferFromTheDefault) {
  QuantizerSettings settings{.format = NumberFormat::int4,
                             .granularity = Granularity::output_channel,
                             .scheme = Scheme::affine,
                             .clipping = {.rule = Rule::percentile, .percentile = 99.5}};
  EXPECT_EQ(settings.text(), "int4 channel affine percentile=99.5");
  settings.format = NumberFormat::ternary;
  EXPECT_EQ(settings.text(), "ternary channel");
  settings.format = NumberFormat::fp16;
  EXPECT_EQ(settings.text(), "fp16");
  EXPECT_EQ(settings.canonical(), QuantizerSettings{.format = NumberFormat::fp16});
}

}  // namespace
}  // namespace minima::compress
