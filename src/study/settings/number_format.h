// Number formats for quantized weights and activations.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/enum_words.h"

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
inline constexpr auto kNumberFormats = std::to_array<FormatInfo>({
    {NumberFormat::fp16, "fp16", 16, FormatKind::floating},
    {NumberFormat::bf16, "bf16", 16, FormatKind::floating},
    {NumberFormat::fp8_e4m3, "fp8-e4m3", 8, FormatKind::floating},
    {NumberFormat::fp8_e5m2, "fp8-e5m2", 8, FormatKind::floating},
    {NumberFormat::int16, "int16", 16, FormatKind::integer},
    {NumberFormat::int8, "int8", 8, FormatKind::integer},
    {NumberFormat::int6, "int6", 6, FormatKind::integer},
    {NumberFormat::int5, "int5", 5, FormatKind::integer},
    {NumberFormat::fp4_e2m1, "fp4-e2m1", 4, FormatKind::floating},
    {NumberFormat::int4, "int4", 4, FormatKind::integer},
    {NumberFormat::int3, "int3", 3, FormatKind::integer},
    {NumberFormat::int2, "int2", 2, FormatKind::integer},
    {NumberFormat::ternary, "ternary", 2, FormatKind::ternary},
    {NumberFormat::binary, "binary", 1, FormatKind::binary},
});

constexpr auto words_of(NumberFormat /*any*/) {
  std::array<EnumWord<NumberFormat>, kNumberFormats.size()> words{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = {kNumberFormats[i].format, kNumberFormats[i].name};
  }
  return words;
}

[[nodiscard]] constexpr std::span<const FormatInfo> number_formats() {
  return kNumberFormats;
}

[[nodiscard]] const FormatInfo& info(NumberFormat format);

/// The word for values that are not quantized: 32-bit floating point.
inline constexpr std::string_view kFloat32 = "fp32";

/// The format of weights or activations: a number format, or 32-bit floating point where they are
/// not quantized. Ordered by name.
struct ValueFormat {
  std::optional<NumberFormat> quantized;  ///< nullopt: 32-bit floating point

  constexpr ValueFormat() = default;
  constexpr ValueFormat(std::optional<NumberFormat> format) : quantized(format) {}  // NOLINT
  constexpr ValueFormat(NumberFormat format) : quantized(format) {}                 // NOLINT

  /// "int4", or "fp32".
  [[nodiscard]] constexpr std::string_view name() const {
    return quantized ? word_of(*quantized) : kFloat32;
  }
  [[nodiscard]] std::string text() const { return std::string(name()); }

  constexpr bool operator==(const ValueFormat& other) const = default;
  constexpr auto operator<=>(const ValueFormat& other) const { return name() <=> other.name(); }
};

/// The format with this name; nullopt if there is none.
[[nodiscard]] constexpr std::optional<ValueFormat> parse_value_format(std::string_view name) {
  if (name == kFloat32) return ValueFormat();
  if (const auto format = parse_word<NumberFormat>(name)) return ValueFormat(*format);
  return std::nullopt;
}

/// Display name of a format. It includes the number of levels where the name misleads: symmetric
/// 2-bit integers have the three levels -1, 0 and 1. `quantization` is the text of the protocol.
[[nodiscard]] std::string format_label(ValueFormat format, std::string_view quantization);

/// Throws an input error (without file and location) that suggests the nearest name.
[[nodiscard]] NumberFormat parse_number_format(std::string_view name);

}  // namespace minima::study

template <>
struct fmt::formatter<minima::study::ValueFormat, char> : fmt::formatter<fmt::string_view> {
  template <typename Context>
  auto format(minima::study::ValueFormat value, Context& context) const {
    const std::string_view name = value.name();
    return fmt::formatter<fmt::string_view>::format({name.data(), name.size()}, context);
  }
};
