#include "deploy/c/c_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/text.h"

namespace minima::deploy {
namespace {

constexpr std::size_t kColumns = 100;

/// C has no literal for the smallest 32-bit integer.
std::string literal(std::int64_t value) {
  if (value == INT32_MIN) return "(-2147483647 - 1)";
  return value > INT32_MAX ? fmt::format("{}u", value) : fmt::format("{}", value);
}

}  // namespace

std::string c_identifier(std::string_view text) {
  std::string name;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    const bool fits = byte < 0x80 && std::isalnum(byte) != 0;
    name += fits ? static_cast<char>(std::tolower(byte)) : '_';
  }
  const bool begins_well = !name.empty() && std::isalpha(static_cast<unsigned char>(name[0])) != 0;
  return begins_well ? name : "net_" + name;
}

std::string c_comment(std::span<const std::string> lines) {
  std::string text = "/*";
  for (const std::string& line : lines) {
    std::string safe;
    for (const char each : line) {
      if (each == '/' && !safe.empty() && safe.back() == '*') safe += ' ';
      if (each == '*' && !safe.empty() && safe.back() == '/') safe += ' ';
      const auto byte = static_cast<unsigned char>(each);
      safe += byte < 0x20 || byte >= 0x7F || each == '\\' ? '_' : each;
    }
    text += (&line == lines.data() ? " " : safe.empty() ? "\n *" : "\n * ") + safe;
  }
  return text + "\n */\n";
}

std::string c_string(std::string_view text) {
  std::string literal = "\"";
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (each == '"' || each == '\\' || each == '?') literal += '\\';
    // Octal escapes have at most three digits, so the next character is never part of one.
    literal += byte < 0x20 || byte >= 0x7F ? fmt::format("\\{:03o}", byte) : std::string(1, each);
  }
  return literal + "\"";
}

std::string CArrays::add_wide(const std::string& type, int element_bytes, const std::string& name,
                              std::vector<std::int64_t> values) {
  if (values.empty()) values.push_back(0);
  std::string full = prefix_ + name;
  text_ += fmt::format("static const {} {}[{}]{}{} = {{\n", type, full, values.size(),
                       attribute_.empty() ? "" : " ", attribute_);
  std::string line = "   ";
  for (const std::int64_t value : values) {
    const std::string next = " " + literal(value) + ",";
    if (line.size() + next.size() > kColumns) {
      text_ += line + "\n";
      line = "   ";
    }
    line += next;
  }
  text_ += line + "\n};\n";
  bytes_ += values.size() * static_cast<std::size_t>(element_bytes);
  return full;
}

std::string indented(std::string_view text, int levels) {
  std::string result;
  for (const std::string& line : split(text, '\n')) {
    if (!line.empty()) result += std::string(static_cast<std::size_t>(2 * levels), ' ') + line;
    result += '\n';
  }
  result.pop_back();
  return result;
}

}  // namespace minima::deploy
