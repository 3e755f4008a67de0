#include "core/characters.h"

#include <gtest/gtest.h>

#include <string>

namespace minima {
namespace {

void expect_character(std::string_view text, std::uint32_t code, std::size_t bytes) {
  const Character each = character_at(text);
  EXPECT_TRUE(each.is_valid);
  EXPECT_EQ(each.code, code);
  EXPECT_EQ(each.bytes, bytes);
}

TEST(Characters, AreReadFromUtf8) {
  expect_character("ab", 'a', 1);
  expect_character("\u00e4b", 0xe4, 2);
  expect_character("\u20ac", 0x20ac, 3);
  expect_character("\U0001f600!", 0x1f600, 4);
}

TEST(Characters, InvalidUtf8IsReadByteByByte) {
  // Alone, cut off, overlong, a surrogate, beyond Unicode, a byte that never occurs.
  for (const std::string text : {"\x80", "\xc3", "\xe2\x82", "\xc0\xaf", "\xe0\x80\xaf",
                                 "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xc3("}) {
    const Character each = character_at(text);
    EXPECT_FALSE(each.is_valid) << text;
    EXPECT_EQ(each.bytes, 1U);
    EXPECT_EQ(each.code, static_cast<unsigned char>(text[0]));
  }
}

TEST(Characters, ThatControlATerminalAreUnsafe) {
  for (const std::uint32_t code : {0x00, 0x07, 0x0a, 0x1b, 0x7f, 0x80, 0x9b, 0x9f, 0x61c, 0x200f,
                                   0x202e, 0x2028, 0x2066, 0x2069, 0xe0041}) {
    EXPECT_TRUE(is_unsafe(code)) << code;
  }
  for (const std::uint32_t code : {0x20, 0x41, 0x7e, 0xa0, 0xe4, 0x627, 0x200d, 0x20ac, 0x1f600}) {
    EXPECT_FALSE(is_unsafe(code)) << code;
  }
}

TEST(DisplayWidth, CountsTheColumnsOfATerminal) {
  EXPECT_EQ(display_width("gr\u00f6\u00dfe"), 5U);
  EXPECT_EQ(display_width("\u6f22\u5b57"), 4U);  // Chinese
  EXPECT_EQ(display_width("\U0001f600"), 2U);    // an emoji
  EXPECT_EQ(display_width("e\u0301"), 1U);       // an accent of its own
  EXPECT_EQ(display_width("a\u200db"), 2U);      // a joiner
  EXPECT_EQ(display_width("\xff!"), 2U);         // invalid bytes
}

TEST(Fitting, CutsBetweenCharacters) {
  EXPECT_EQ(fitting("\u6f22\u5b57ab", 3), "\u6f22");
  EXPECT_EQ(fitting("\u6f22\u5b57ab", 5), "\u6f22\u5b57a");
  EXPECT_EQ(fitting("e\u0301x", 1), "e\u0301");
  EXPECT_EQ(fitting("abc", 9), "abc");
}

}  // namespace
}  // namespace minima
