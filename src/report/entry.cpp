#include "report/entry.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "report/text_table.h"

namespace minima::report {

std::string entry(std::string_view label, const std::string& text, const TextStyle& style) {
  constexpr std::size_t kLabel = 12;  // columns before the text
  const std::size_t width = std::max<std::size_t>(style.width, 40) - kLabel;
  std::string out;
  std::string line;
  const auto flush = [&] {
    out += fmt::format("{:<{}}{}\n", out.empty() ? label : "", kLabel, line);
    line.clear();
  };
  for (const std::string& word : split(text, ' ')) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) flush();
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) flush();
  return out;
}

}  // namespace minima::report
