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

#include <cstdint>

#include "compress/settings.h"

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

/// The nearest value of the format.
[[nodiscard]] float rounded(const FloatLayout& layout, float value);

/// The bits of the nearest value: sign, exponent, mantissa from the highest bit down. NaN has its
/// sign and all other bits set.
[[nodiscard]] std::uint16_t encode(const FloatLayout& layout, float value);

[[nodiscard]] float decode(const FloatLayout& layout, std::uint16_t bits);

}  // namespace minima::compress
