// Number formats for quantized weights and activations.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace minima::study {

enum class NumberFormat {
  fp16,
  bf16,
  fp8_e4m3,
  fp8_e5m2,
  int16,
  int8,
  int6,
  int5,
  fp4_e2m1,
  int4,
  int3,
  int2,
  ternary,
  binary,
};

enum class FormatKind {
  floating,  ///< sign, exponent, mantissa: small_float.h
  integer,   ///< equal steps: affine_grid.h
  ternary,   ///< -1, 0, 1 times a scale
  binary,    ///< -1, 1 times a scale; without zero
};

struct FormatInfo {
  NumberFormat format;
  std::string_view name;  ///< as in study files: "fp8-e4m3", "int4"
  int bits;               ///< stored bits per value without scales; 2 for ternary (log2 3 = 1.58)
  FormatKind kind;

  /// Whether the format can represent a pruned weight as an ordinary value.
  [[nodiscard]] bool has_zero() const { return kind != FormatKind::binary; }
  /// Whether values are divided by a scale before rounding to floating point. Formats of at most 8
  /// bits need this because their range is small.
  [[nodiscard]] bool is_scaled_float() const { return kind == FormatKind::floating && bits <= 8; }
};

/// All formats, from the most bits to the fewest.
[[nodiscard]] std::span<const FormatInfo> number_formats();

[[nodiscard]] const FormatInfo& info(NumberFormat format);

/// Display name of a format. It includes the number of levels where the name misleads: symmetric
/// 2-bit integers have the three levels -1, 0 and 1. `quantization` is the text of the protocol.
[[nodiscard]] std::string format_label(std::string_view format, std::string_view quantization);

/// Throws an input error (without file and location) that suggests the nearest name.
[[nodiscard]] NumberFormat parse_number_format(std::string_view name);

}  // namespace minima::study
