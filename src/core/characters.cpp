#include "core/characters.h"

#include <utf8proc.h>

#include <algorithm>

namespace minima {
namespace {

/// Length in bytes of a character with this first byte; 0 if no character starts with it.
std::size_t length_from(std::uint32_t first) {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

std::size_t width_of(const Character& character) {
  if (!character.is_valid || character.code < 0x7f) return 1;
  return static_cast<std::size_t>(
      std::max(0, utf8proc_charwidth(static_cast<utf8proc_int32_t>(character.code))));
}

}  // namespace

Character character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(0);
  const Character invalid{first, 1, false};
  const std::size_t bytes = length_from(first);
  if (bytes == 1) return {first, 1, true};
  if (bytes == 0 || text.size() < bytes) return invalid;
  std::uint32_t code = first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return invalid;
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast[bytes] || code > 0x10ffff || is_surrogate) return invalid;
  return {code, bytes, true};
}

bool is_unsafe(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr Range kUnsafe[] = {
      {0x00, 0x1f},        // C0 controls
      {0x7f, 0x9f},        // DEL, C1 controls
      {0x61c, 0x61c},      // Arabic letter mark
      {0x200e, 0x200f},    // left-to-right and right-to-left marks
      {0x2028, 0x202e},    // line separators; embeddings and overrides
      {0x2066, 0x2069},    // isolates
      {0xfff9, 0xfffb},    // annotations
      {0xe0000, 0xe007f},  // tags
  };
  return std::ranges::any_of(
      kUnsafe, [code](const Range& range) { return range.first <= code && code <= range.last; });
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character character = character_at(text);
    width += width_of(character);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string_view fitting(std::string_view text, std::size_t columns) {
  std::size_t width = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const Character character = character_at(text.substr(bytes));
    width += width_of(character);
    if (width > columns) break;
    bytes += character.bytes;
  }
  return text.substr(0, bytes);
}

}  // namespace minima
