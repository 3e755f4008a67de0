#include "core/error.h"

#include <fmt/format.h>

#include <string_view>

#include "core/characters.h"

namespace minima {
namespace {

// Problem and hint may quote the input, so the whole message is escaped to stay on one line.
std::string one_line(const Place& place, const std::string& problem, const std::string& hint) {
  constexpr std::size_t kLongest = 4000;
  std::string line;
  if (!place.file.empty()) line += printable(place.file, 300) + ": ";
  if (!place.where.empty()) line += place.where + ": ";
  line += problem;
  if (!hint.empty()) line += "; " + hint;
  return printable(line, kLongest);
}

}  // namespace

Error input_error(const Place& place, const std::string& problem, const std::string& hint) {
  return {Error::Kind::input, one_line(place, problem, hint)};
}

Error work_error(const Place& place, const std::string& problem, const std::string& hint) {
  return {Error::Kind::work, one_line(place, problem, hint)};
}

std::string printable(const std::string& text, std::size_t limit) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (out.size() >= limit) return out + "...";
    const Character each = character_at(std::string_view(text).substr(at));
    if (!each.is_valid || (is_unsafe(each.code) && each.code < 0x80)) {
      out += fmt::format("\\x{:02x}", each.code);
    } else if (is_unsafe(each.code)) {
      out += fmt::format("\\u{:04x}", each.code);
    } else {
      out.append(text, at, each.bytes);
    }
    at += each.bytes;
  }
  return out;
}

}  // namespace minima
