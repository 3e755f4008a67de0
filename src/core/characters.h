// The characters of UTF-8 text from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace minima {

struct Character {
  std::uint32_t code = 0;  ///< Unicode code point; the value of a byte that is no UTF-8
  std::size_t bytes = 1;
  bool is_valid = true;
};

/// The first character of `text`, which is not empty; where it is no UTF-8, its first byte.
[[nodiscard]] Character character_at(std::string_view text);

/// Whether a terminal takes the character for a command, or it changes the direction or the look of
/// the text around it: controls (C0, DEL, C1), bidirectional marks, overrides and isolates,
/// separators of lines, tags.
[[nodiscard]] bool is_unsafe(std::uint32_t code);

}  // namespace minima
