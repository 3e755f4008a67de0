#include "core/error.h"

#include <gtest/gtest.h>

namespace minima {
namespace {

TEST(Error, IsOneLineOfFileLocationProblemAndHint) {
  const Error error =
      input_error({"study.toml", "line 3"}, "unknown key \"widht\"", "use \"width\"");
  EXPECT_STREQ(error.what(), "study.toml: line 3: unknown key \"widht\"; use \"width\"");
  EXPECT_EQ(error.kind(), Error::Kind::input);
}

TEST(Error, LeavesOutThePartsThatAreEmpty) {
  EXPECT_STREQ(input_error({"", ""}, "no runs").what(), "no runs");
  EXPECT_STREQ(work_error({"runs.sqlite", ""}, "disk full").what(), "runs.sqlite: disk full");
  EXPECT_EQ(work_error({"runs.sqlite", ""}, "disk full").kind(), Error::Kind::work);
}

TEST(Error, StaysOneLineForAnyFileName) {
  const Error error = input_error({"two\nlines", ""}, "cannot be read");
  EXPECT_STREQ(error.what(), "two\\x0alines: cannot be read");
}

TEST(Error, StaysOneLineWhateverIsQuoted) {
  const Error error = input_error({"", "line 1"}, "unknown \"a\nb\"", "did you mean \"\x1b[2J\"?");
  EXPECT_STREQ(error.what(), "line 1: unknown \"a\\x0ab\"; did you mean \"\\x1b[2J\"?");
}

TEST(Printable, ShowsControlCharactersAndCutsLongText) {
  EXPECT_EQ(printable("tab\tbell\a"), "tab\\x09bell\\x07");
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abcdef...");
}

TEST(Printable, NeverSplitsACharacter) {
  EXPECT_EQ(printable("Gr\u00f6\u00dfe", 3), "Gr\u00f6...");
}

TEST(Printable, EscapesTerminalCommandsAndInvalidUtf8) {
  EXPECT_EQ(printable("a\u009b2Jb"), "a\\u009b2Jb");
  EXPECT_EQ(printable("a\u202eb\u2066c"), "a\\u202eb\\u2066c");
  EXPECT_EQ(printable("a\xff\xc3(b"), "a\\xff\\xc3(b");
  EXPECT_EQ(printable("\u00e4\u20ac\U0001f600"), "\u00e4\u20ac\U0001f600");
  EXPECT_EQ(printable("no limit \x1b", std::string::npos), "no limit \\x1b");
}

TEST(Printable, BoundsTheLengthOfInvalidUtf8) {
  EXPECT_LE(printable(std::string(1000, '\x80'), 10).size(), 16U);
}

}  // namespace
}  // namespace minima
