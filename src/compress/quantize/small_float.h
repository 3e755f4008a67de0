// Floating-point formats of 16, 8 and 4 bits, emulated bit for bit.
//
//   fp16      IEEE 754 binary16: 5 exponent bits, 10 mantissa bits
//   bf16      the upper half of a binary32: 8 exponent bits, 7 mantissa bits
//   fp8-e5m2  5 and 2, like IEEE 754 (Micikevicius et al. 2022, arXiv 2209.05433; OCP 8-bit
//             Floating Point Specification, 2023)
//   fp8-e4m3  4 and 3, as specified there: no infinities, one NaN per sign, largest value 448
//   fp4-e2m1  2 and 1 (OCP Microscaling Formats Specification, 2023): no infinities, no NaN,
//             largest value 6
//
// Rounding is to nearest, ties to even, with gradual underflow. Values that are too large become
// infinite, as in IEEE 754. Formats without infinities saturate, for infinities too: fp8-e4m3 at
// 448 (the saturating conversion of the OCP specification), fp4-e2m1 at 6. NaN stays NaN if the
// format has one; zeros keep their sign.
//
// The processor must not treat denormals as zero (denormals-are-zero mode).
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
  bool has_nan = true;  ///< if not, NaN is encoded as zero

  [[nodiscard]] int bias() const { return (1 << (exponent_bits - 1)) - 1; }
  [[nodiscard]] int min_exponent() const {
    return 1 - bias();
  }  ///< smallest exponent of normal values
  [[nodiscard]] float max_finite() const;
};

/// The layout of a format of kind `floating`.
[[nodiscard]] FloatLayout float_layout(NumberFormat format);

/// Rounds to the nearest value of a format. Branch-free, so that loops can be vectorised.
class FloatRounder {
 public:
  explicit FloatRounder(const FloatLayout& layout);

  [[nodiscard]] float operator()(float value) const {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const float magnitude = std::bit_cast<float>(bits & 0x7FFF'FFFFU);
    // aligner_ is so large that its last mantissa bit is the format's smallest value. Adding it
    // rounds to a multiple of that value.
    const float small = (magnitude + aligner_) - aligner_;
    // Rounds to fewer mantissa bits, ties to even, ignoring the limits of the exponent.
    const std::uint32_t plain = bits & 0x7FFF'FFFFU;
    const std::uint32_t odd = (plain >> dropped_) & 1U;
    const std::uint32_t half_less_one = (1U << (dropped_ - 1U)) - 1U;
    const float large =
        std::bit_cast<float>((plain + half_less_one + odd) & ~((1U << dropped_) - 1U));
    float result = magnitude < min_normal_ ? small : large;
    result = result > top_ ? beyond_ : result;
    const float with_sign =
        std::bit_cast<float>(std::bit_cast<std::uint32_t>(result) | (bits & 0x8000'0000U));
    return value == value ? with_sign : not_a_number_;
  }
  /// Rounds in place.
  void apply(std::span<float> values) const;

 private:
  float min_normal_;
  float aligner_;
  float top_;
  float not_a_number_;
  float beyond_;           // replaces values above top_
  std::uint32_t dropped_;  // mantissa bits of a float that the format does not have
};

/// The nearest value of the format.
[[nodiscard]] float rounded(const FloatLayout& layout, float value);

/// The bits of the nearest value, from the highest bit down: sign, exponent, mantissa. NaN keeps
/// its sign and has all other bits set.
[[nodiscard]] std::uint16_t encode(const FloatLayout& layout, float value);

[[nodiscard]] float decode(const FloatLayout& layout, std::uint16_t bits);

}  // namespace minima::compress
