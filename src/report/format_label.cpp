#include "report/format_label.h"

namespace minima::report {

std::string format_label(std::string_view format, std::string_view quantization) {
  const bool symmetric = quantization.find(" symmetric") != std::string_view::npos;
  std::string label(format);
  if (format == "int2" && symmetric) label += " (3 levels)";
  return label;
}

}  // namespace minima::report
