#include "compress/quantize/small_float.h"

#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace minima::compress {
namespace {

constexpr int kFloatMantissa = 23;
constexpr int kFloatBias = 127;

/// 2^exponent for exponents -126..127.
float power_of_two(int exponent) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(exponent + kFloatBias) << kFloatMantissa);
}

}  // namespace

float FloatLayout::max_finite() const {
  // With infinities the highest exponent is theirs; without, its largest mantissa is NaN, if any.
  const int top = (1 << exponent_bits) - (infinities ? 2 : 1) - bias();
  const bool largest_is_nan = !infinities && has_nan;
  const int largest = (1 << (mantissa_bits + 1)) - (largest_is_nan ? 2 : 1);
  return std::ldexp(static_cast<float>(largest), top - mantissa_bits);
}

FloatLayout float_layout(NumberFormat format) {
  switch (format) {
    case NumberFormat::fp16:
      return {.exponent_bits = 5, .mantissa_bits = 10, .infinities = true};
    case NumberFormat::bf16:
      return {.exponent_bits = 8, .mantissa_bits = 7, .infinities = true};
    case NumberFormat::fp8_e4m3:
      return {.exponent_bits = 4, .mantissa_bits = 3, .infinities = false};
    case NumberFormat::fp8_e5m2:
      return {.exponent_bits = 5, .mantissa_bits = 2, .infinities = true};
    case NumberFormat::fp4_e2m1:
      return {.exponent_bits = 2, .mantissa_bits = 1, .infinities = false, .has_nan = false};
    default:
      throw std::invalid_argument("not a floating-point format");
  }
}

FloatRounder::FloatRounder(const FloatLayout& layout)
    : min_normal_(power_of_two(layout.min_exponent())),
      aligner_(power_of_two(layout.min_exponent() - layout.mantissa_bits + kFloatMantissa)),
      top_(layout.max_finite()),
      not_a_number_(layout.has_nan ? std::numeric_limits<float>::quiet_NaN() : 0.0F),
      beyond_(layout.infinities ? std::numeric_limits<float>::infinity() : top_),
      dropped_(static_cast<std::uint32_t>(kFloatMantissa - layout.mantissa_bits)) {}

void FloatRounder::apply(std::span<float> values) const {
  const FloatRounder round = *this;  // a local copy stays in registers
  for (float& value : values) value = round(value);
}

float rounded(const FloatLayout& layout, float value) {
  return FloatRounder(layout)(value);
}

std::uint16_t encode(const FloatLayout& layout, float value) {
  const int width = layout.exponent_bits + layout.mantissa_bits;
  const std::uint32_t sign = std::signbit(value) ? 1U << width : 0U;
  const auto with_sign = [sign](std::uint32_t bits) {
    return static_cast<std::uint16_t>(sign | bits);
  };
  if (std::isnan(value)) return layout.has_nan ? with_sign((1U << width) - 1U) : std::uint16_t{0};
  const float magnitude = std::fabs(rounded(layout, value));
  if (std::isinf(magnitude)) {
    return with_sign(((1U << layout.exponent_bits) - 1U) << layout.mantissa_bits);
  }
  const float smallest_normal = power_of_two(layout.min_exponent());
  if (magnitude < smallest_normal) {
    // In double precision, because the divisor may not be a normal float.
    const double step = std::ldexp(1.0, layout.min_exponent() - layout.mantissa_bits);
    return with_sign(static_cast<std::uint32_t>(static_cast<double>(magnitude) / step));
  }
  const auto bits = std::bit_cast<std::uint32_t>(magnitude);
  const std::uint32_t rebias = static_cast<std::uint32_t>(kFloatBias - layout.bias())
                               << layout.mantissa_bits;
  return with_sign((bits >> (kFloatMantissa - layout.mantissa_bits)) - rebias);
}

float decode(const FloatLayout& layout, std::uint16_t bits) {
  const int width = layout.exponent_bits + layout.mantissa_bits;
  const bool negative = ((bits >> width) & 1U) != 0U;
  const std::uint32_t mantissa = bits & ((1U << layout.mantissa_bits) - 1U);
  const std::uint32_t exponent = (static_cast<std::uint32_t>(bits) >> layout.mantissa_bits) &
                                 ((1U << layout.exponent_bits) - 1U);
  const bool top_exponent = exponent == (1U << layout.exponent_bits) - 1U;
  const bool top_mantissa = mantissa == (1U << layout.mantissa_bits) - 1U;
  float magnitude = 0.0F;
  if (layout.has_nan && top_exponent && (layout.infinities ? mantissa != 0U : top_mantissa)) {
    magnitude = std::numeric_limits<float>::quiet_NaN();
  } else if (top_exponent && layout.infinities) {
    magnitude = std::numeric_limits<float>::infinity();
  } else {
    const std::uint32_t hidden = exponent == 0U ? 0U : 1U << layout.mantissa_bits;
    const int power =
        exponent == 0U ? layout.min_exponent() : static_cast<int>(exponent) - layout.bias();
    magnitude = static_cast<float>(
        std::ldexp(static_cast<double>(hidden + mantissa), power - layout.mantissa_bits));
  }
  return negative ? -magnitude : magnitude;
}

}  // namespace minima::compress
