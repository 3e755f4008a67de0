#include "core/error.h"

#include <fmt/format.h>

namespace minima {
namespace {

std::string one_line(const Place& place, const std::string& problem, const std::string& mend) {
  std::string line;
  if (!place.file.empty()) line += printable(place.file, 300) + ": ";
  if (!place.where.empty()) line += place.where + ": ";
  line += problem;
  if (!mend.empty()) line += "; " + mend;
  return line;
}

}  // namespace

Error input_error(const Place& place, const std::string& problem, const std::string& mend) {
  return {Error::Kind::input, one_line(place, problem, mend)};
}

Error work_error(const Place& place, const std::string& problem, const std::string& mend) {
  return {Error::Kind::work, one_line(place, problem, mend)};
}

std::string printable(const std::string& text, std::size_t limit) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool inside_character = (byte & 0xc0) == 0x80 && out.size() < limit + 3;  // UTF-8
    if (out.size() >= limit && !inside_character) return out + "...";
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace minima
