#include "study/settings/number_format.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "study/settings/compression_settings.h"

namespace minima::study {

const FormatInfo& info(NumberFormat format) {
  return *std::ranges::find(kNumberFormats, format, &FormatInfo::format);
}

std::string format_label(ValueFormat format, std::string_view quantization) {
  std::string label = format.text();
  if (format != NumberFormat::int2) return label;
  const auto protocol = parse_quantization(quantization);
  if (protocol && protocol->scheme == Scheme::symmetric) label += " (3 levels)";
  return label;
}

NumberFormat parse_number_format(std::string_view name) {
  if (const auto format = parse_word<NumberFormat>(name)) return *format;
  throw input_error({}, "unknown number format \"" + printable(std::string(name), 80) + "\"",
                    suggestion(name, word_list<NumberFormat>()));
}

}  // namespace minima::study
