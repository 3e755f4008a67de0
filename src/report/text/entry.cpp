#include "report/text/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

/// Words of a text. A number keeps its "%", and "p" keeps its value, because no line may end there.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  bool joins = false;
  for (const std::string& word : split(text, ' ')) {
    const bool is_relation = word == "=" || word == "<";
    if (!words.empty() && (joins || is_relation || word.starts_with('%'))) {
      words.back() += " " + word;
    } else {
      words.push_back(word);
    }
    joins = is_relation;
  }
  return words;
}

}  // namespace

std::string entry(std::string_view label, const std::string& text, const TextStyle& style) {
  constexpr std::size_t kLabel = 12;  // columns before the text
  const std::size_t width = std::max<std::size_t>(style.width, 40) - kLabel;
  std::string out;
  std::string line;
  if (label.size() >= kLabel) out = std::string(label) + "\n";
  const auto flush = [&] {
    out += fmt::format("{:<{}}{}\n", out.empty() ? label : "", kLabel, line);
    line.clear();
  };
  for (const std::string& word : words_of(text)) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) flush();
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) flush();
  return out;
}

std::string heading(const std::string& name, const std::string& facts, const TextStyle& style) {
  // Escape sequences do not count as width.
  const bool fits = display_width(name) + 2 + display_width(facts) <= style.width;
  return bold(name, style) + (fits ? ": " : ":\n  ") + facts + "\n";
}

}  // namespace minima::report
