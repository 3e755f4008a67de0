// Floating-point formats of 16 and 8 bits, bit for bit.
//
//   fp16      IEEE 754 binary16: 5 exponent bits, 10 mantissa bits
//   bf16      the upper half of a binary32: 8 and 7
//   fp8-e5m2  5 and 2, like IEEE 754 (Micikevicius et al. 2022, arXiv 2209.05433; OCP 8-bit
//             Floating Point Specification, 2023)
//   fp8-e4m3  4 and 3, as specified there: no infinities, one NaN per sign, largest value 448
//
// Rounding is to nearest, ties to even, with gradual underflow. What is too large becomes infinite,
// as in IEEE 754; in fp8-e4m3, which has no infinity, it becomes 448 (the saturating conversion of
// the OCP specification), infinities too. NaN stays NaN; zeros keep their sign.
//
// The processor must not be in the mode that takes denormals for zero.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include "compress/quantize/settings.h"

namespace minima::compress {

struct FloatLayout {
  int exponent_bits = 0;
  int mantissa_bits = 0;
  bool infinities = true;

  [[nodiscard]] int bias() const { return (1 << (exponent_bits - 1)) - 1; }
  [[nodiscard]] int min_exponent() const { return 1 - bias(); }  ///< of normal values
  [[nodiscard]] float max_finite() const;
};

/// Of a format of kind `floating`.
[[nodiscard]] FloatLayout float_layout(NumberFormat format);

/// Rounds to the nearest value of a format, without a branch, so that loops run in vector units.
class FloatRounder {
 public:
  explicit FloatRounder(const FloatLayout& layout);

  [[nodiscard]] float operator()(float value) const {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const float magnitude = std::bit_cast<float>(bits & 0x7FFF'FFFFU);
    // Adding a number whose last place is the format's smallest value rounds to a multiple of it.
    const float small = (magnitude + aligner_) - aligner_;
    // Nearest with fewer mantissa bits, ties to even, as if exponents had no end.
    const std::uint32_t plain = bits & 0x7FFF'FFFFU;
    const std::uint32_t odd = (plain >> dropped_) & 1U;
    const std::uint32_t half_less_one = (1U << (dropped_ - 1U)) - 1U;
    const float large =
        std::bit_cast<float>((plain + half_less_one + odd) & ~((1U << dropped_) - 1U));
    float result = magnitude < min_normal_ ? small : large;
    result = result > top_ ? beyond_ : result;
    const float with_sign =
        std::bit_cast<float>(std::bit_cast<std::uint32_t>(result) | (bits & 0x8000'0000U));
    return value == value ? with_sign : value;
  }
  /// In place.
  void apply(std::span<float> values) const;

 private:
  float min_normal_;
  float aligner_;
  float top_;
  float beyond_;           // what is larger than that
  std::uint32_t dropped_;  // mantissa bits of a float that the format does not have
};

/// The nearest value of the format.
[[nodiscard]] float rounded(const FloatLayout& layout, float value);

/// The bits of the nearest value: sign, exponent, mantissa from the highest bit down. NaN has its
/// sign and all other bits set.
[[nodiscard]] std::uint16_t encode(const FloatLayout& layout, float value);

[[nodiscard]] float decode(const FloatLayout& layout, std::uint16_t bits);

}  // namespace minima::compress
