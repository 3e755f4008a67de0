// The notation of convolutional networks and vision transformers.
#include "network/notation/families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refusal.h"

namespace minima::network {
namespace {

using ::testing::ElementsAre;

std::string canonical(const std::string& text) {
  return Architecture::parse(text).text();
}

/// The part of the message after the architecture.
std::string problem_with(const std::string& text) {
  const std::string message = architecture_refusal(text);
  const std::string start = "architecture \"" + text + "\": ";
  EXPECT_EQ(message.find(start), 0u) << message;
  return message.substr(start.size());
}

TEST(CnnNotation, ReadsFiltersAndOptions) {
  const auto plain = std::get<Cnn>(Architecture::parse("cnn 8").shape());
  EXPECT_EQ(plain, Cnn{.filters = {8}});
  const auto full = Architecture::parse("cnn 16-32 k5 s2 pad2 avg2 gap");
  EXPECT_EQ(std::get<Cnn>(full.shape()), (Cnn{.filters = {16, 32},
                                              .kernel = 5,
                                              .stride = 2,
                                              .padding = 2,
                                              .pooling = Cnn::Pooling::average,
                                              .head = Cnn::Head::average}));
  EXPECT_EQ(full.family(), network::Family::cnn);
}

TEST(CnnNotation, PrintsWhatItReads) {
  for (const std::string text :
       {"cnn 8", "cnn 8-16-32", "cnn 8-16 max2", "cnn 16-32 k5 pad2 avg2 gap", "cnn 1 k1 s3",
        "cnn 10000 k100 s100 pad99 max2 gap"}) {
    EXPECT_EQ(canonical(text), text);
  }
}

TEST(CnnNotation, PrintsTheSameTextHoweverItWasWritten) {
  EXPECT_EQ(canonical("cnn 08-16  gap\tmax2 pad1 k05"), "cnn 8-16 k5 pad1 max2 gap");
  EXPECT_EQ(canonical("cnn 8 pad0 s1 k3"), "cnn 8");
}

TEST(CnnNotation, RefusesInvalidListsOfFilters) {
  const std::string hint =
      "; write the filters of each convolution joined by \"-\", such as \"cnn 8\" or \"cnn 8-16 "
      "max2\"";
  EXPECT_EQ(problem_with("cnn"), "its filters are missing" + hint);
  EXPECT_EQ(problem_with("cnn k5"), "expected a number of filters, got \"k5\"" + hint);
  EXPECT_EQ(problem_with("cnn 8-"), "expected a number of filters, got \"\"" + hint);
  EXPECT_EQ(problem_with("cnn 0"),
            "number of filters 0 is out of range; write numbers of filters from 1 to 10,000");
  std::string text = "1";
  for (int layer = 1; layer < 101; ++layer) text += "-1";
  EXPECT_THAT(architecture_refusal("cnn " + text),
              ::testing::HasSubstr("101 convolutions are too many; at most 100 are allowed"));
}

TEST(CnnNotation, RefusesUnknownOptions) {
  EXPECT_EQ(problem_with("cnn 8 K5"), "unknown option \"K5\"; did you mean \"k5\"?");
  EXPECT_EQ(problem_with("cnn 8 padd2"), "unknown option \"padd2\"; did you mean \"pad2\"?");
  EXPECT_EQ(problem_with("cnn 8 max3"), "unknown option \"max3\"; did you mean \"max2\"?");
  EXPECT_EQ(problem_with("cnn 8 batchnorm"),
            "unknown option \"batchnorm\"; valid are: k5, s2, pad1, gelu, max2, avg2, gap");
  EXPECT_LT(architecture_refusal("cnn 8 " + std::string(100'000, 'x')).size(), 400u);
}

TEST(CnnNotation, RefusesImpossibleNumbers) {
  EXPECT_EQ(problem_with("cnn 8 k"), "\"k\" has no number; write for example \"k5\"");
  EXPECT_EQ(problem_with("cnn 8 k2.5"),
            "expected an integer, got \"2.5\"; write for example \"k5\"");
  EXPECT_EQ(problem_with("cnn 8 k-3"), "expected an integer, got \"-3\"; write for example \"k5\"");
  EXPECT_EQ(problem_with("cnn 8 k0"),
            "k0 is out of range; write \"k\" with a number from 1 to 100");
  EXPECT_EQ(problem_with("cnn 8 s99999999999999999999"),
            "s99999999999999999999 is out of range; write \"s\" with a number from 1 to 100");
}

TEST(CnnNotation, RefusesTwoWordsForOneSetting) {
  EXPECT_EQ(problem_with("cnn 8 k5 k7"), "\"k5\" and \"k7\" both set the kernel; keep one of them");
  EXPECT_EQ(problem_with("cnn 8 avg2 max2"),
            "\"avg2\" and \"max2\" both set the pooling; keep one of them");
}

TEST(CnnNotation, RefusesPaddingThatHidesTheImage) {
  EXPECT_EQ(problem_with("cnn 8 pad3"),
            "a padding of 3 lets kernels of 3 see nothing but zeros; write at most pad2, or a "
            "larger kernel");
  EXPECT_EQ(canonical("cnn 8 k5 pad3"), "cnn 8 k5 pad3");
}

TEST(DnnNotation, ReadsAndPrintsItsActivation) {
  EXPECT_EQ(std::get<Dnn>(Architecture::parse("dnn 8-4 gelu").shape()),
            (Dnn{.hidden = {8, 4}, .activation = Activation::gelu}));
  EXPECT_EQ(canonical("dnn  08-4   gelu "), "dnn 8-4 gelu");
  EXPECT_EQ(problem_with("dnn linear gelu"),
            "a network without hidden layers has no activation; write \"dnn linear\"");
  EXPECT_EQ(problem_with("dnn 8 gela"), "unknown option \"gela\"; did you mean \"gelu\"?");
  EXPECT_EQ(canonical("cnn 8 gelu max2 k5"), "cnn 8 k5 gelu max2");
}

TEST(VitNotation, HeadsMayHaveTheirOwnWidth) {
  const auto vit = Architecture::parse("vit d64 h3 l2 p7 a16");
  EXPECT_EQ(std::get<Vit>(vit.shape()).head_width, 16);
  EXPECT_EQ(vit.text(), "vit d64 h3 l2 p7 a16");
  EXPECT_EQ(Architecture::parse("vit d64 h4 l2 p7 a16"), Architecture::parse("vit d64 h4 l2 p7"));
  EXPECT_THROW((void)Architecture::parse("vit d64 h3 l2 p7"), Error);
  EXPECT_THROW((void)Architecture::parse("vit d64 h3 l2 p7 a5000"), Error);
}

TEST(VitNotation, ReadsSizesAndOptions) {
  const auto plain = std::get<Vit>(Architecture::parse("vit d96 h3 l4 p2").shape());
  EXPECT_EQ(plain, (Vit{.width = 96, .heads = 3, .blocks = 4, .patch = 2, .mlp_width = 4 * 96}));
  const auto full = Architecture::parse("vit d64 h8 l1 p4 post relu m2 cls drop0.25");
  EXPECT_EQ(std::get<Vit>(full.shape()), (Vit{.width = 64,
                                              .heads = 8,
                                              .blocks = 1,
                                              .patch = 4,
                                              .mlp_width = 128,
                                              .pre_norm = false,
                                              .activation = Activation::relu,
                                              .class_token = true,
                                              .dropout = 0.25}));
  EXPECT_EQ(full.family(), network::Family::vit);
  EXPECT_EQ(std::get<PaperVit>(Architecture::parse("vit paper h4 drop0.1").shape()),
            (PaperVit{.heads = 4, .dropout = 0.1}));
}

TEST(VitNotation, PrintsWhatItReads) {
  for (const std::string text :
       {"vit d64 h4 l2 p7", "vit d64 h4 l2 p7 post", "vit d64 h4 l2 p7 relu m1",
        "vit d64 h4 l2 p7 f100", "vit d64 h4 l2 p7 post relu m2 cls drop0.1", "vit paper h4",
        "vit paper h4 drop0.5", "vit d64 h4 l2 p7 drop0.001", "vit d64 h4 l2 p7 drop0.999"}) {
    EXPECT_EQ(canonical(text), text);
  }
}

TEST(VitNotation, PrintsTheSameTextHoweverItWasWritten) {
  EXPECT_EQ(canonical("vit p7 l2 cls h4 post d064"), "vit d64 h4 l2 p7 post cls");
  EXPECT_EQ(canonical("vit f128 p7 l2 h4 d64"), "vit d64 h4 l2 p7 m2");
  EXPECT_EQ(canonical("vit d64 h4 l2 p7 f256"), "vit d64 h4 l2 p7");
  EXPECT_EQ(canonical("vit d64 h4 l2 p7 m4"), "vit d64 h4 l2 p7");
  EXPECT_EQ(canonical("vit drop0.10 d64 h4 l2 p7 cls"), "vit d64 h4 l2 p7 cls drop0.1");
  EXPECT_EQ(canonical("vit d64 h4 l2 p7 drop0"), "vit d64 h4 l2 p7");
  EXPECT_EQ(canonical("vit paper h4 drop0.000"), "vit paper h4");
}

TEST(VitNotation, RefusesHeadsThatDoNotDivideTheWidth) {
  EXPECT_EQ(problem_with("vit d64 h5 l2 p7"),
            "5 heads do not divide the width of 64; write h4 or h8");
  EXPECT_EQ(problem_with("vit d64 h100 l2 p7"),
            "100 heads do not divide the width of 64; write h64");
  EXPECT_EQ(problem_with("vit d7 h3 l2 p7"),
            "3 heads do not divide the width of 7; write h1 or h7");
  EXPECT_EQ(problem_with("vit paper h5"), "5 heads do not divide the width of 784; write h4 or h7");
}

TEST(VitNotation, RefusesMissingParts) {
  EXPECT_EQ(problem_with("vit"),
            "its sizes are missing; write for example \"vit d64 h4 l2 p7\", or \"vit paper h4\"");
  EXPECT_EQ(problem_with("vit d64 l2 p7"), "does not give the heads; add for example \"h4\"");
  EXPECT_EQ(problem_with("vit paper"), "does not give the heads; add for example \"h4\"");
}

TEST(VitNotation, RefusesUnknownWords) {
  EXPECT_EQ(problem_with("vit d64 h4 l2 p7 cl"), "unknown option \"cl\"; did you mean \"cls\"?");
  EXPECT_EQ(problem_with("vit paper h4 p7"), "unknown option \"p7\"; did you mean \"h7\"?");
  EXPECT_EQ(problem_with("vit d64 h4 l2 p7 m2 f128"),
            "\"m2\" and \"f128\" both set the MLP's width; keep one of them");
  EXPECT_EQ(problem_with("vit d10000 h4 l2 p7 m11"),
            "its MLP has 110,000 units; at most 100,000 are allowed");
}

TEST(VitNotation, RefusesImpossibleDropout) {
  const std::string vit = "vit d64 h4 l2 p7 ";
  const std::string out = " is out of range; write \"drop\" with a number from 0 to below 1";
  EXPECT_EQ(problem_with(vit + "drop1"), "drop1" + out);
  EXPECT_EQ(problem_with(vit + "drop-0.1"), "drop-0.1" + out);
  EXPECT_EQ(problem_with(vit + "drop"), "\"drop\" has no number; write for example \"drop0.1\"");
  EXPECT_EQ(problem_with(vit + "drop0.1x"),
            "expected a number, got \"0.1x\"; write for example \"drop0.1\"");
  EXPECT_EQ(problem_with(vit + "dropp0.5"),
            "unknown option \"dropp0.5\"; did you mean \"drop0.5\"?");
  for (const std::string& text : {vit, std::string("vit paper h4 ")}) {
    EXPECT_EQ(problem_with(text + "drop0.1234"),
              "a dropout of 0.1234 is not possible; write \"drop\" with a number from 0 to below "
              "1, with at most 3 decimals");
  }
}

TEST(FamilyNotation, IsListedInTheManualWordByWord) {
  std::vector<std::string> examples;
  for (const WordText& word : vit_words()) examples.push_back(word.example);
  EXPECT_THAT(examples, ElementsAre("d64", "h4", "l2", "p7", "post", "relu", "a16", "m2", "f100",
                                    "cls", "drop0.1"));
}

}  // namespace
}  // namespace minima::network
