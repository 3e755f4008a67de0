#include "report/text/entry.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/characters.h"
#include "report/text/wrap.h"

namespace minima::report {

std::string entry(std::string_view label, const std::string& text, const TextStyle& style) {
  constexpr std::size_t kLabel = 12;  // columns before the text
  const std::size_t width = std::max<std::size_t>(style.width, 40) - kLabel;
  std::string out;
  if (label.size() >= kLabel) out = std::string(label) + "\n";
  for (const std::string& line : broken(text, width)) {
    out += fmt::format("{:<{}}{}\n", out.empty() ? label : "", kLabel, line);
  }
  return out;
}

std::string heading(const std::string& name, const std::string& facts, const TextStyle& style) {
  // Escape sequences do not count as width.
  const bool fits = display_width(name) + 2 + display_width(facts) <= style.width;
  return bold(name, style) + (fits ? ": " : ":\n  ") + facts + "\n";
}

}  // namespace minima::report
