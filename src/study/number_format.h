// The number formats that weights and activations are quantized to.
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
  binary,    ///< -1, 1 times a scale; no zero
};

struct FormatInfo {
  NumberFormat format;
  std::string_view name;  ///< as in study files: "fp8-e4m3", "int4"
  int bits;               ///< stored per value, scales not counted; 2 for ternary (log2 3 = 1.58)
  FormatKind kind;

  /// Whether a pruned weight can be stored as a value like others.
  [[nodiscard]] bool has_zero() const { return kind != FormatKind::binary; }
};

/// Every format, from the most bits to the fewest.
[[nodiscard]] std::span<const FormatInfo> number_formats();

[[nodiscard]] const FormatInfo& info(NumberFormat format);

/// The name of a format for readers, with the number of levels where the name misleads: symmetric
/// 2-bit integers have the three levels -1, 0 and 1. `quantization`: the text of the protocol.
[[nodiscard]] std::string format_label(std::string_view format, std::string_view quantization);

/// Throws an input error (no file, no place) that suggests the nearest name.
[[nodiscard]] NumberFormat parse_number_format(std::string_view name);

}  // namespace minima::study
