#include "study/number_format.h"

#include <array>
#include <vector>

#include "core/error.h"
#include "core/text.h"

namespace minima::study {
namespace {

// In the order of the enumeration.
constexpr std::array<FormatInfo, 14> kFormats = {{
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
}};

}  // namespace

std::span<const FormatInfo> number_formats() {
  return kFormats;
}

const FormatInfo& info(NumberFormat format) {
  return kFormats[static_cast<std::size_t>(format)];
}

std::string format_label(std::string_view format, std::string_view quantization) {
  const bool symmetric = quantization.find(" symmetric") != std::string_view::npos;
  std::string label(format);
  if (format == "int2" && symmetric) label += " (3 levels)";
  return label;
}

NumberFormat parse_number_format(std::string_view name) {
  std::vector<std::string> names;
  for (const FormatInfo& each : kFormats) {
    if (each.name == name) return each.format;
    names.emplace_back(each.name);
  }
  throw input_error({}, "unknown number format \"" + printable(std::string(name), 80) + "\"",
                    suggestion(name, names));
}

}  // namespace minima::study
