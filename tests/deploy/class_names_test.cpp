#include "deploy/c/class_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiled.h"
#include "deploy/image_rule.h"
#include "support/temporary_folder.h"

namespace minima::deploy {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Labels, HaveOneLinePerClassWhateverTheNames) {
  EXPECT_EQ(labels_text({"cat", "a\nb", "c\\n", "d\r", "", "\xC3\xA4, \"e\""}),
            "cat\na\\nb\nc\\\\n\nd\\r\n\n\xC3\xA4, \"e\"\n");
}

TEST(Labels, AreNumbersWithoutNames) {
  EXPECT_THAT(names_or_numbers({}, 3), ElementsAre("0", "1", "2"));
  EXPECT_THAT(names_or_numbers({"a", "b"}, 2), ElementsAre("a", "b"));
}

// The expected bytes are what the C compiler makes of the table.
TEST(ClassTable, GivesACompilerTheSameBytes) {
  const std::vector<std::string> names = {"a \"b\"", "c\\", "\xC3\xA4", "",    "%d",
                                          "?\?/",    "*/",  "//",       "1\n2"};
  const TemporaryFolder folder;
  write(folder / "table.c",
        "#include <stdio.h>\n" + class_table("NAMES", names) +
            "static const char *const names[] = NAMES;\nint main(void) {\n  unsigned i;\n"
            "  for (i = 0; i < sizeof names / sizeof *names; ++i) printf(\"%s|\", names[i]);\n"
            "  return 0;\n}\n");
  ASSERT_EQ(shell(folder, std::string("gcc ") + kStrict + " -o table table.c && ./table"), 0)
      << output(folder);
  std::string expected;
  for (const std::string& name : names) expected += name + "|";
  EXPECT_EQ(output(folder), expected);
}

TEST(ImageRule, SaysOrderResizingAndScaling) {
  const engine::PixelScaling scaling{{0.5F, 1.0F, 2.0F}, {0.0F, 0.25F, 0.0F}};
  const auto colour = image_rule({.channels = 3, .height = 4, .width = 5}, scaling);
  EXPECT_THAT(colour,
              testing::Contains(HasSubstr("60 bytes: red, then green, then blue, each of 4 rows")));
  EXPECT_THAT(colour, testing::Contains(HasSubstr("resized to 5 x 4 (width x height)")));
  EXPECT_THAT(colour, testing::Contains(HasSubstr("byte x 1 + 0.25")));
  const auto grey = image_rule({.channels = 1, .height = 4, .width = 5}, {{1.0F}, {0.0F}});
  EXPECT_THAT(grey, testing::Contains(HasSubstr("0.299 R + 0.587 G + 0.114 B")));
}

TEST(ImageRule, IsWrappedWithoutLosingAWord) {
  const std::string text = "one two three four fifteen-letters five";
  const auto lines = wrapped(text, 13);
  EXPECT_THAT(lines, ElementsAre("one two three", "four", "fifteen-letters", "five"));
}

}  // namespace
}  // namespace minima::deploy
