#include "network/notation/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refusal.h"

namespace minima::network {
namespace {

using ::testing::ElementsAre;

TEST(Architecture, ReadsHiddenWidthsFromInputToOutput) {
  const auto architecture = Architecture::parse("dnn 300-100-1");
  EXPECT_THAT(std::get<Dnn>(architecture.shape()).hidden, ElementsAre(300, 100, 1));
  EXPECT_EQ(architecture.family(), network::Family::dnn);
}

TEST(Architecture, ReadsLinearAsNoHiddenLayer) {
  EXPECT_TRUE(std::get<Dnn>(Architecture::parse("dnn linear").shape()).hidden.empty());
}

TEST(Architecture, PrintsWhatItReads) {
  for (const std::string text : {"dnn linear", "dnn 1", "dnn 32-32", "dnn 1000000-1-7"}) {
    EXPECT_EQ(Architecture::parse(text).text(), text);
  }
}

TEST(Architecture, PrintsTheSameTextHoweverItWasWritten) {
  for (const std::string text : {"  dnn 8-16", "dnn 8-16\t", "dnn    8-16", "dnn\t08-016\n"}) {
    EXPECT_EQ(Architecture::parse(text).text(), "dnn 8-16") << text;
  }
}

TEST(Architecture, RefusesImpossibleWidths) {
  EXPECT_EQ(architecture_refusal("dnn 0"),
            "architecture \"dnn 0\": width 0 is out of range; write widths from 1 to 1,000,000");
  EXPECT_EQ(architecture_refusal("dnn 5-1000001"),
            "architecture \"dnn 5-1000001\": width 1000001 is out of range; write widths from 1 to "
            "1,000,000");
  EXPECT_EQ(
      architecture_refusal("dnn 99999999999999999999"),
      "architecture \"dnn 99999999999999999999\": width 99999999999999999999 is out of range; "
      "write widths from 1 to 1,000,000");
}

TEST(Architecture, RefusesJunk) {
  const std::string hint =
      "; write hidden widths joined by \"-\", such as \"dnn 32-32\", or \"dnn linear\"";
  EXPECT_EQ(architecture_refusal("dnn 3-x"),
            "architecture \"dnn 3-x\": expected a width, got \"x\"" + hint);
  EXPECT_EQ(architecture_refusal("dnn -3"),
            "architecture \"dnn -3\": expected a width, got \"\"" + hint);
  EXPECT_EQ(architecture_refusal("dnn 3-"),
            "architecture \"dnn 3-\": expected a width, got \"\"" + hint);
  EXPECT_EQ(architecture_refusal("dnn 3 4"),
            "architecture \"dnn 3 4\": expected a width, got \"3 4\"" + hint);
  EXPECT_EQ(architecture_refusal("dnn 1.5"),
            "architecture \"dnn 1.5\": expected a width, got \"1.5\"" + hint);
  EXPECT_EQ(architecture_refusal("dnn linear 5"),
            "architecture \"dnn linear 5\": expected a width, got \"linear 5\"" + hint);
}

TEST(Architecture, RefusesMissingParts) {
  EXPECT_EQ(
      architecture_refusal("dnn"),
      "architecture \"dnn\": its hidden widths are missing; write for example \"dnn 32-32\", or "
      "\"dnn linear\" for no hidden layer");
  EXPECT_EQ(architecture_refusal("  "),
            "architecture \"  \": is empty; write for example \"dnn 32-32\"");
}

TEST(Architecture, SuggestsTheNearestFamily) {
  EXPECT_EQ(architecture_refusal("dnm 5"),
            "architecture \"dnm 5\": unknown family \"dnm\"; did you mean \"dnn\"?");
  EXPECT_EQ(
      architecture_refusal("transformer 5"),
      "architecture \"transformer 5\": unknown family \"transformer\"; valid are: dnn, cnn, vit");
}

TEST(Architecture, RefusesAbsurdNumbersOfLayers) {
  std::string text = "dnn 1";
  for (int layer = 1; layer < 1001; ++layer) text += "-1";
  EXPECT_THAT(architecture_refusal(text),
              ::testing::HasSubstr("1001 hidden layers are too many; at most 1,000"));
}

}  // namespace
}  // namespace minima::network
