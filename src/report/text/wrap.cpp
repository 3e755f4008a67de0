#include "report/text/wrap.h"

#include <algorithm>

#include "core/characters.h"
#include "core/text.h"

namespace minima::report {
namespace {

/// Columns of a line without its escape sequences ("\x1b[1m").
std::size_t visible_width(std::string_view line) {
  std::size_t width = 0;
  while (!line.empty()) {
    const std::size_t escape = std::min(line.find('\x1b'), line.size());
    width += display_width(line.substr(0, escape));
    line.remove_prefix(escape);
    if (!line.empty()) line.remove_prefix(std::min(line.find('m'), line.size() - 1) + 1);
  }
  return width;
}

/// Where the text of "label   text" begins, else where the line begins.
std::size_t text_begin(std::string_view line, std::size_t width) {
  const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t gap = line.find("  ", first);
  if (gap == std::string_view::npos) return first;
  const std::size_t begin = line.find_first_not_of(' ', gap);
  const bool is_label =
      begin != std::string_view::npos && visible_width(line.substr(0, begin)) <= width / 2;
  return is_label ? begin : first;
}

bool is_command(std::string_view text) {
  return text.starts_with("minima ") || text.starts_with("#");
}

std::string wrapped_line(std::string_view line, std::size_t width) {
  const std::size_t begin = text_begin(line, width);
  const std::string_view text = line.substr(begin);
  if (is_command(text)) return std::string(line) + "\n";
  const std::string indent(visible_width(line.substr(0, begin)), ' ');
  std::string out;
  for (const std::string& piece : broken(text, width - std::min(width, indent.size()))) {
    out += (out.empty() ? std::string(line.substr(0, begin)) : indent) + piece + "\n";
  }
  return out;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool joins = false;
  for (const std::string& word : split(text, ' ')) {
    const bool is_relation = word == "=" || word == "<";
    if (!words.empty() && (joins || is_relation || word.starts_with('%'))) {
      words.back() += " " + word;
    } else {
      words.push_back(word);
    }
    const bool is_inside_quotes = std::ranges::count(words.back(), '`') % 2 == 1;
    joins = is_relation || is_inside_quotes;
  }
  return words;
}

std::vector<std::string> broken(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t used = 0;  // columns of the last line
  for (const std::string& word : words_of(text)) {
    if (lines.empty() && word.empty()) continue;
    const std::size_t columns = visible_width(word);
    if (!lines.empty() && used + 1 + columns <= width) {
      lines.back() += " " + word;
      used += 1 + columns;
    } else {
      lines.push_back(word);
      used = columns;
    }
  }
  return lines;
}

std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (visible_width(line) > width) {
      out += wrapped_line(line, width);
    } else {
      out += line;
      out += '\n';
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace minima::report
