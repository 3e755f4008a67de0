#include "integer_linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "compress/quantize/activation_quantizer.h"
#include "core/numbers/random.h"

namespace minima::compress {
namespace {

constexpr std::size_t kInputs = 40;
constexpr std::size_t kOutputs = 7;

std::vector<float> random_values(std::size_t count, std::uint32_t stream) {
  RandomStream random(1, 1, Purpose::calibration, stream);
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<float>(random.normal()));
  return values;
}

TEST(IntegerLinear, EqualsTheProductOfRoundedRealNumbers) {
  const std::vector<float> weights = random_values(kInputs * kOutputs, 1);
  const std::vector<float> biases = random_values(kOutputs, 2);
  const std::vector<float> x = random_values(kInputs, 3);
  for (const FormatInfo& format : number_formats()) {
    if (format.kind == FormatKind::floating) continue;
    for (const auto scheme : {Scheme::symmetric, Scheme::affine}) {
      const QuantizedTensor quantized = quantize(
          {.values = weights, .channels = kOutputs},
          {.format = format.format, .granularity = Granularity::output_channel, .scheme = scheme});
      const AffineGrid grid = activation_grid(NumberFormat::int8, {.low = -2.0F, .high = 2.5F});
      const auto linear = IntegerLinear::make(quantized, biases, grid);
      ASSERT_TRUE(linear) << format.name;
      std::vector<float> y(kOutputs);
      linear->apply(x, y);
      std::vector<float> rounded = x;
      fake_quantize(grid, x, rounded);
      for (std::size_t o = 0; o < kOutputs; ++o) {
        double expected = biases[o];
        double magnitude = std::fabs(expected);
        for (std::size_t i = 0; i < kInputs; ++i) {
          const double product = double{quantized.values[o * kInputs + i]} * double{rounded[i]};
          expected += product;
          magnitude += std::fabs(product);
        }
        ASSERT_NEAR(y[o], expected, 1e-6 * magnitude) << format.name;
      }
    }
  }
}

TEST(IntegerLinear, RejectsFloatsAndSumsBeyond32Bits) {
  const std::vector<float> weights(300, 1.0F);
  const std::vector<float> biases(1);
  const AffineGrid grid = activation_grid(NumberFormat::int8, {.low = 0.0F, .high = 1.0F});
  const auto made = [&](NumberFormat format) {
    return IntegerLinear::make(quantize({.values = weights}, {.format = format}), biases, grid);
  };
  EXPECT_FALSE(made(NumberFormat::int16));  // 300 x 32767 x 255 > 2^31
  EXPECT_FALSE(made(NumberFormat::fp8_e4m3));
  EXPECT_TRUE(made(NumberFormat::int8));
}

TEST(IntegerLinear, RejectsAWrongNumberOfBiases) {
  const std::vector<float> weights(6, 1.0F);
  const std::vector<float> biases(2);
  EXPECT_THROW(
      (void)IntegerLinear::make(quantize({.values = weights, .channels = 3}, {}), biases, {}),
      std::invalid_argument);
}

}  // namespace
}  // namespace minima::compress
