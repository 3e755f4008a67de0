// Decodes UTF-8 text from untrusted input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace minima {

struct Character {
  std::uint32_t code = 0;  ///< Unicode code point; the value of a byte if not valid UTF-8
  std::size_t bytes = 1;
  bool is_valid = true;
};

/// The first character of `text`, which must not be empty. If it is not valid UTF-8, its first
/// byte.
[[nodiscard]] Character character_at(std::string_view text);

/// Whether a terminal interprets the character as a command, or it changes the direction or
/// appearance of the text around it: controls (C0, DEL, C1), bidirectional marks, overrides and
/// isolates, line separators, tags.
[[nodiscard]] bool is_unsafe(std::uint32_t code);

/// Columns of a terminal that UTF-8 text takes: two for wide characters such as Chinese ones and
/// emoji, none for combining marks. A byte that is not valid UTF-8 counts as one column.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The longest beginning of `text`, in whole characters, that fits into `columns`.
[[nodiscard]] std::string_view fitting(std::string_view text, std::size_t columns);

}  // namespace minima
