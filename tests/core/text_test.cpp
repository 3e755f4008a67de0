#include "core/text.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>

namespace minima {
namespace {

const std::vector<std::string> kNames = {"depth", "width", "shape"};

TEST(NearestName, FindsTheIntendedName) {
  EXPECT_EQ(nearest_name("widht", kNames), "width");
  EXPECT_EQ(nearest_name("dept", kNames), "depth");
  EXPECT_EQ(nearest_name("shape", kNames), "shape");
}

TEST(NearestName, IsNoneWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("optimizer", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("widht", {}), std::nullopt);
}

TEST(Suggestion, NamesTheNearestOrAll) {
  EXPECT_EQ(suggestion("widht", kNames), "did you mean \"width\"?");
  EXPECT_EQ(suggestion("optimizer", kNames), "valid are: depth, width, shape");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), std::vector<std::string>{""});
  EXPECT_EQ(split("a,", ','), (std::vector<std::string>{"a", ""}));
}

TEST(Trim, TakesSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim("   "), "");
}

TEST(ParseInteger, ParsesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_integer("-42"), -42);
  EXPECT_EQ(parse_integer("42x"), std::nullopt);
  EXPECT_EQ(parse_integer(" 42"), std::nullopt);
  EXPECT_EQ(parse_integer("4.2"), std::nullopt);
  EXPECT_EQ(parse_integer(""), std::nullopt);
  EXPECT_EQ(parse_integer("9223372036854775808"), std::nullopt);
}

TEST(ParseNumber, ParsesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number("1e-3"), 0.001);
  EXPECT_EQ(parse_number("0.7"), 0.7);
  EXPECT_EQ(parse_number("0.7 "), std::nullopt);
  EXPECT_EQ(parse_number("1e999"), std::nullopt);
  EXPECT_EQ(parse_number(""), std::nullopt);
}

TEST(CsvText, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_text("dnn 5-5"), "dnn 5-5");
  EXPECT_EQ(csv_text("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_text("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_text("two\nlines"), "\"two\nlines\"");
}

TEST(Shortest, ReadsBackAsTheSameNumber) {
  EXPECT_EQ(shortest(0.001), "0.001");
  EXPECT_EQ(shortest(20.0), "20");
  for (const double value : {0.1 + 0.2, 1.0 / 3.0, 1e-300, 123456789.123}) {
    EXPECT_EQ(parse_number(shortest(value)), value);
  }
}

TEST(HumanBytes, KeepsTwoOrThreeDigits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1.0 KB");
  EXPECT_EQ(human_bytes(6100), "6.1 KB");
  EXPECT_EQ(human_bytes(9960), "10 KB");
  EXPECT_EQ(human_bytes(999'700), "1.0 MB");
  EXPECT_EQ(human_bytes(1'234'000'000), "1.2 GB");
  EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max()), "18 EB");
}

TEST(HumanDuration, NeverShowsSixtyOfAnything) {
  EXPECT_EQ(human_duration(0.42), "0.4 s");
  EXPECT_EQ(human_duration(12.4), "12 s");
  EXPECT_EQ(human_duration(59.7), "1 min 0 s");
  EXPECT_EQ(human_duration(185), "3 min 5 s");
  EXPECT_EQ(human_duration(3599.9), "1 h 0 min");
  EXPECT_EQ(human_duration(2 * 3600 + 14 * 60), "2 h 14 min");
  EXPECT_EQ(human_duration(3 * 86400 + 7200), "3 d 2 h");
  EXPECT_EQ(human_duration(std::numeric_limits<double>::infinity()), "?");
}

TEST(Brief, IsNeverAPowerOfTenAboveOne) {
  EXPECT_EQ(brief(0.013), "0.013");
  EXPECT_EQ(brief(2.24), "2.2");
  EXPECT_EQ(brief(99.4), "99");
  EXPECT_EQ(brief(99.6), "100");
  EXPECT_EQ(brief(220.4), "220");
  EXPECT_EQ(brief(1234.0), "1,234");
  EXPECT_EQ(brief(-1234.0), "-1,234");
}

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-1000), "-1,000");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

/// The result of passing a word through a shell.
std::string through_shell(const std::string& word) {
  const std::string command = "printf %s " + word;
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  return pclose(pipe) == 0 ? text : "";
}

TEST(ShellWord, EscapesTerminalCommands) {
  EXPECT_EQ(shell_word("a\x1b[2J'\\"), R"word("$(printf 'a\033[2J\047\134')")word");
  EXPECT_EQ(shell_word("\u202e\xff"), R"word("$(printf '\342\200\256\377')")word");
  EXPECT_EQ(shell_word("-\x1b"), R"word("$(printf '\055\033')")word");
  EXPECT_EQ(shell_word("\u00e4"), "'\u00e4'");
}

TEST(ShellWord, OfControlCharactersIsReadByAnyPosixShell) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(through_shell(shell_word(all)), all);
  for (const std::string text : {"\x1b\n\n", "%s\t%%", "\x01$HOME`id`\"", "-\x01"}) {
    EXPECT_EQ(through_shell(shell_word(text)), text);
  }
}

TEST(ShellWord, KeepsEveryPrintableCharacterAndNewline) {
  std::string all = "\n";
  for (char c = ' '; c <= '~'; ++c) {
    all += c;
    EXPECT_EQ(through_shell(shell_word(std::string(1, c))), std::string(1, c));
  }
  EXPECT_EQ(through_shell(shell_word(all)), all);
  EXPECT_EQ(through_shell(shell_word("x\n'y'")), "x\n'y'");
}

TEST(ShellWord, LeavesAPlainWordAsItIs) {
  EXPECT_EQ(shell_word("digits.minima"), "digits.minima");
  EXPECT_EQ(shell_word("my store"), "'my store'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("~/x"), "'~/x'");
}

}  // namespace
}  // namespace minima
