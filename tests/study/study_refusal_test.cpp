// Every mistake in a study file gets one line with the file, the location and a hint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studies.h"
#include "study/file/study_file.h"
#include "support/messages.h"

namespace minima::study {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

std::string study_refusal(const std::string& text) {
  return message_of([&] { (void)parse_study(text, "a.toml"); });
}

/// Line 6 is the line of `train`.
std::string train_refusal(const std::string& line) {
  return study_refusal(study_text(line));
}

/// Line 7 is [[design]], line 8 the first of `lines`.
std::string design_refusal(const std::string& lines) {
  return study_refusal(study_text("", "[[design]]\n" + lines + "\n"));
}

/// Line 2 is the first of `lines`.
std::string section_refusal(const std::string& section, const std::string& lines) {
  return study_refusal("[" + section + "]\n" + lines + "\n");
}

std::string data_refusal(const std::string& datasets) {
  return study_refusal("[study]\nname = \"a\"\n[data]\ndatasets = " + datasets + "\n");
}

TEST(StudyRefusal, WeightsAfterEpochsThatAreNotTrained) {
  EXPECT_EQ(
      study_refusal("[study]\nname = \"a\"\nweight_epochs = [1, 30]\n[data]\ndatasets = \"mnist\"\n"
                    "[[design]]\narchitectures = \"dnn 2\"\n"),
      "a.toml: line 3, column 17: weight_epochs asks for epoch 30 of 20; name epochs that are "
      "trained");
}

TEST(StudyRefusal, OptionsOfAProtocolInTheSectionItself) {
  EXPECT_EQ(study_refusal(study_text() + "[pruning]\nsparsity = [0.5]\n"),
            "a.toml: line 10, column 1: \"sparsity\" is an option of a protocol, not of [pruning]; "
            "write it below a line [[pruning.protocol]]");
  EXPECT_THAT(study_refusal(study_text() + "[quantization]\nformats = \"int8\"\n"),
              HasSubstr("write it below a line [[quantization.protocol]]"));
}

TEST(StudyRefusal, MisspeltKeys) {
  EXPECT_EQ(
      train_refusal("epohcs = 5"),
      "a.toml: line 6, column 1: unknown key \"epohcs\" in [train]; did you mean \"epochs\"?");
  EXPECT_EQ(study_refusal(study_text() + "[trian]\nepochs = 3\n"),
            "a.toml: line 9, column 2: unknown key \"trian\" in the study file; did you mean "
            "\"train\"?");
  EXPECT_EQ(section_refusal("study", "name = \"a\"\nreplicate = 3"),
            "a.toml: line 3, column 1: unknown key \"replicate\" in [study]; did you mean "
            "\"replicates\"?");
  EXPECT_EQ(
      design_refusal("family = \"dnn\"\ndepth = 1\nwidht = 5"),
      "a.toml: line 10, column 1: unknown key \"widht\" in [[design]]; did you mean \"width\"?");
  EXPECT_EQ(design_refusal("architecture = [\"dnn 5\"]"),
            "a.toml: line 8, column 1: unknown key \"architecture\" in [[design]]; did you mean "
            "\"architectures\"?");
  EXPECT_EQ(
      train_refusal("optimizer = { name = \"sgd\", momemtum = 0.9 }"),
      "a.toml: line 6, column 29: unknown key \"momemtum\" in optimizer \"sgd\"; did you mean "
      "\"momentum\"?");
  EXPECT_EQ(train_refusal("quokkaquokka = 1"),
            "a.toml: line 6, column 1: unknown key \"quokkaquokka\" in [train]; valid are: epochs, "
            "batch, optimizer, learning_rate, schedule, init, scaling, loss, class_weights");
}

TEST(StudyRefusal, MisspeltKeysThatWouldHaveSaidWhichDesign) {
  EXPECT_EQ(
      design_refusal("family = \"dnn\"\ndraw = 5\ndepth = 2\nwidth = { min = 1, max = 2 }"),
      "a.toml: line 9, column 1: unknown key \"draw\" in [[design]]; did you mean \"draws\"?");
}

TEST(StudyRefusal, WrongTypes) {
  EXPECT_EQ(train_refusal("epochs = \"many\""),
            "a.toml: line 6, column 10: epochs is the text \"many\"; write an integer from 1 to "
            "100,000");
  EXPECT_EQ(train_refusal("epochs = 2.5"),
            "a.toml: line 6, column 10: epochs is the number 2.5; write an integer from 1 to "
            "100,000");
  EXPECT_EQ(train_refusal("learning_rate = true"),
            "a.toml: line 6, column 17: learning_rate is true; write a number above 0 to 100");
  EXPECT_EQ(
      train_refusal("scaling = { name = \"unit\" }"),
      "a.toml: line 6, column 11: scaling is a table; write one of \"unit\", \"standardised\"");
  EXPECT_EQ(train_refusal("optimizer = [\"sgd\"]"),
            "a.toml: line 6, column 13: optimizer is a list; write one of \"adam\", \"sgd\", "
            "\"adamw\"");
  EXPECT_EQ(train_refusal("batch = 2024-01-01"),
            "a.toml: line 6, column 9: batch is a date or time; write an integer from 1 to "
            "1,000,000");
  EXPECT_EQ(section_refusal("study", "name = 5"),
            "a.toml: line 2, column 8: name is 5; write a name in quotes");
  EXPECT_EQ(study_refusal("study = 3\n"),
            "a.toml: line 1, column 9: study is 3; write a section, [study] on a line of its own");
  EXPECT_EQ(study_refusal(study_text("", "[design]\narchitectures = [\"dnn 5\"]\n")),
            "a.toml: line 7, column 1: design is a table; write [[design]] in two brackets, once "
            "for each design");
  EXPECT_EQ(design_refusal("family = \"dnn\"\ndepth = \"two\"\nwidth = 5"),
            "a.toml: line 9, column 9: depth is the text \"two\"; write a list of integers from "
            "0 to 100");
  EXPECT_EQ(design_refusal("architectures = [5]"),
            "a.toml: line 8, column 18: architecture is 5; write its notation in quotes, such as "
            "\"dnn 32-32\"");
}

TEST(StudyRefusal, NumbersOutOfRange) {
  EXPECT_EQ(
      train_refusal("epochs = 0"),
      "a.toml: line 6, column 10: epochs = 0 is out of range; write a number from 1 to 100,000");
  EXPECT_EQ(
      train_refusal("learning_rate = 0"),
      "a.toml: line 6, column 17: learning_rate = 0 is out of range; write a number above 0 to "
      "100");
  EXPECT_EQ(
      train_refusal("learning_rate = nan"),
      "a.toml: line 6, column 17: learning_rate = nan is out of range; write a number above 0 "
      "to 100");
  EXPECT_EQ(
      train_refusal("optimizer = { name = \"sgd\", momentum = 1 }"),
      "a.toml: line 6, column 40: momentum = 1 is out of range; write a number from 0 to below "
      "1");
  EXPECT_EQ(
      section_refusal("study", "name = \"a\"\nreplicates = 100001"),
      "a.toml: line 3, column 14: replicates = 100001 is out of range; write a number from 1 to "
      "100,000");
  EXPECT_EQ(section_refusal("study", "name = \"a\"\nseed = -1"),
            "a.toml: line 3, column 8: seed = -1 is out of range; write a number from 0 to "
            "9,223,372,036,854,775,807");
  EXPECT_EQ(design_refusal("family = \"dnn\"\ndepth = 1\nwidth = [5, 0]"),
            "a.toml: line 10, column 13: width = 0 is out of range; write a number from 1 to "
            "1,000,000");
}

TEST(StudyRefusal, UnknownChoices) {
  EXPECT_EQ(train_refusal("optimizer = \"adm\""),
            "a.toml: line 6, column 13: optimizer = \"adm\" is unknown; did you mean \"adam\"?");
  EXPECT_EQ(train_refusal("init = { name = \"xavier\" }"),
            "a.toml: line 6, column 17: init.name = \"xavier\" is unknown; valid are: he-normal, "
            "xavier-normal, normal, pytorch");
  EXPECT_EQ(design_refusal("family = \"dmn\"\ndepth = 1\nwidth = 1"),
            "a.toml: line 8, column 10: family = \"dmn\" is unknown; did you mean \"dnn\"?");
  EXPECT_EQ(design_refusal("family = \"dnn\"\ndepth = 1\nwidth = 1\nshape = \"any\""),
            "a.toml: line 11, column 9: shape = \"any\" is unknown; did you mean \"all\"?");
}

TEST(StudyRefusal, WhatIsMissing) {
  EXPECT_EQ(study_refusal(""),
            "a.toml: line 1, column 1: [study] has no name; add name = text of letters, digits, "
            "\"-\", \"_\" and \".\"");
  EXPECT_THAT(study_refusal("[study]\nname = \"a\"\n"),
              HasSubstr("a.toml: line 1, column 1: [data] has no datasets; add datasets = "));
  EXPECT_EQ(
      study_refusal(study_text("", "")),
      "a.toml: line 1, column 1: the study has no [[design]]; add [[design]] with family, depth "
      "and width, or with architectures");
  EXPECT_EQ(
      design_refusal(""),
      "a.toml: line 7, column 1: [[design]] names neither a family nor architectures; add family "
      "= \"dnn\" with depth and width, or architectures = [\"dnn 32-32\"]");
  EXPECT_EQ(design_refusal("family = \"dnn\"\nwidth = 5"),
            "a.toml: line 7, column 1: [[design]] has no depth; add depth = integer from 0 to "
            "100, or a list of them");
  EXPECT_EQ(data_refusal("[{ difficulty = 0.5 }]"),
            "a.toml: line 4, column 13: a dataset has no name; add name = \"glyphs\" or another");
}

TEST(StudyRefusal, EmptyListsAndNames) {
  EXPECT_EQ(data_refusal("[]"),
            "a.toml: line 4, column 12: datasets is empty; name at least one, such as \"glyphs\"");
  EXPECT_EQ(data_refusal("[\" \"]"),
            "a.toml: line 4, column 13: a dataset's name is empty; write for example \"mnist\"");
  EXPECT_EQ(design_refusal("family = \"dnn\"\ndepth = []\nwidth = 5"),
            "a.toml: line 9, column 9: depth is empty; write at least one integer from 0 to 100");
  EXPECT_EQ(design_refusal("architectures = []"),
            "a.toml: line 8, column 17: architectures is empty; write at least one, such as \"dnn "
            "32-32\"");
  EXPECT_THAT(section_refusal("study", "name = \"\""),
              HasSubstr("name = \"\" is not a valid name"));
  EXPECT_THAT(section_refusal("study", "name = \"../up\""),
              HasSubstr("is not a valid name; write 1 to 100"));
  EXPECT_EQ(study_refusal("design = []\n" + study_text("", "")),
            "a.toml: line 1, column 10: design is an empty list; write [[design]] in two brackets, "
            "once for each design");
}

TEST(StudyRefusal, KeysOfAnotherKindSayWhereTheyBelong) {
  EXPECT_EQ(
      design_refusal("architectures = [\"dnn 5\"]\ndepth = 2"),
      "a.toml: line 9, column 1: depth belongs to design \"dnn grid\" and \"dnn draws\" and \"cnn "
      "grid\" and \"cnn draws\", not to \"list\"; remove it, or use design \"dnn grid\"");
  EXPECT_EQ(
      design_refusal("family = \"dnn\"\ndraws = 5\ndepth = 2\nwidth = { min = 1, max = 2 }\n"
                     "shape = \"all\""),
      "a.toml: line 12, column 1: shape belongs to design \"dnn grid\", not to \"dnn draws\"; "
      "remove it, or use design \"dnn grid\"");
  EXPECT_EQ(train_refusal("optimizer = { momentum = 0.9 }"),
            "a.toml: line 6, column 15: momentum belongs to optimizer \"sgd\", not to \"adam\"; "
            "remove it, or use optimizer \"sgd\"");
  EXPECT_EQ(train_refusal("init = { sd = 0.9 }"),
            "a.toml: line 6, column 10: sd belongs to init \"normal\", not to \"he-normal\"; "
            "remove it, or use init \"normal\"");
}

TEST(StudyRefusal, KeysOfAnotherFamilySayWhereTheyBelong) {
  EXPECT_EQ(design_refusal("family = \"cnn\"\nchannels = 8\nheads = 4"),
            "a.toml: line 10, column 1: heads belongs to design \"vit grid\", not to \"cnn grid\"; "
            "remove it, or use design \"vit grid\"");
  EXPECT_EQ(design_refusal("family = \"vit\"\ndraws = 5"),
            "a.toml: line 9, column 9: family \"vit\" has no random draws; remove draws, and list "
            "the values to try");
  EXPECT_EQ(
      design_refusal("family = \"cnn\"\ndraws = 5\nchannels = [1, 2]"),
      "a.toml: line 10, column 12: channels is a list; write the range to draw from: channels "
      "= { min = 5, max = 200 }");
}

TEST(StudyRefusal, SettingsOfConvolutionsAndTransformers) {
  EXPECT_EQ(design_refusal("family = \"cnn\""),
            "a.toml: line 7, column 1: [[design]] has no channels; add channels = integer from "
            "1 to 10,000, or a list of them");
  EXPECT_EQ(design_refusal("family = \"cnn\"\nchannels = 8\npooling = [\"max\", \"min\"]"),
            "a.toml: line 10, column 19: pooling = \"min\" is unknown; did you mean \"max\"?");
  EXPECT_EQ(design_refusal("family = \"cnn\"\nchannels = 8\nhead = []"),
            "a.toml: line 10, column 8: head is empty; write at least one value");
}

TEST(StudyRefusal, CombinationsThatCannotExist) {
  const std::string vit =
      "family = \"vit\"\nwidth = [64, 48]\nheads = [4, 5]\nlayers = 1\npatch = 7";
  EXPECT_EQ(
      design_refusal(vit),
      "a.toml: line 7, column 1: architecture \"vit d64 h5 l1 p7\": 5 heads do not divide the "
      "width of 64; write h4 or h8, or set invalid = \"skip\" in [study]");
  EXPECT_EQ(
      design_refusal("family = \"cnn\"\nchannels = 8\nkernel = [3, 5]\npadding = 3"),
      "a.toml: line 7, column 1: architecture \"cnn 8 pad3\": a padding of 3 lets kernels of 3 "
      "see nothing but zeros; write at most pad2, or a larger kernel, or set invalid = "
      "\"skip\" in [study]");
  EXPECT_EQ(design_refusal("family = \"cnn\"\nchannels = 2000\ndepth = 3\ngrowth = 10"),
            "a.toml: line 7, column 1: architecture \"cnn 2000-20000-200000\": a convolution has "
            "20,000 filters; at most 10,000 are allowed, or set invalid = \"skip\" in [study]");
}

TEST(StudyRefusal, DrawsThatCouldNotExistWhicheverAreDrawn) {
  EXPECT_THAT(design_refusal("family = \"cnn\"\ndraws = 1\nchannels = { min = 1, max = 2 }\n"
                             "kernel = [9, 3]\npadding = [0, 4]"),
              HasSubstr("line 7, column 1: architecture \"cnn 1 pad4\": a padding of 4"));
}

TEST(StudyRefusal, RangesOfDraws) {
  const std::string draws = "family = \"dnn\"\ndraws = 5\ndepth = 2\n";
  EXPECT_EQ(
      design_refusal(draws + "width = [5, 200]"),
      "a.toml: line 11, column 9: width is a list; write the range to draw from: width = { min "
      "= 5, max = 200 }");
  EXPECT_EQ(design_refusal(draws + "width = { min = 5, max = 2 }"),
            "a.toml: line 11, column 26: width.max = 2 is out of range; write a number from 5 to "
            "1,000,000");
  EXPECT_EQ(design_refusal(draws + "width = { min = 5, max = 9, mean = 2 }"),
            "a.toml: line 11, column 29: unknown key \"mean\" in width; did you mean \"min\"?");
  EXPECT_EQ(design_refusal("family = \"dnn\"\ndepth = 2\nwidth = { min = 5, max = 9 }"),
            "a.toml: line 10, column 9: width is a table; write a list of integers from 1 to "
            "1,000,000");
}

TEST(StudyRefusal, BadArchitecturesAtTheirPlace) {
  EXPECT_EQ(
      design_refusal("architectures = [\"dnn 5\",\n  \"dnn 5-0\"]"),
      "a.toml: line 9, column 3: architecture \"dnn 5-0\": width 0 is out of range; write widths "
      "from 1 to 1,000,000");
}

TEST(StudyRefusal, DatasetTablesWithoutUsableSettings) {
  EXPECT_EQ(
      data_refusal("[{ name = \"glyphs\", difficulty = [1] }]"),
      "a.toml: line 4, column 45: difficulty is a list; write a number, true, false or a text "
      "without blanks");
  EXPECT_EQ(data_refusal("[{ name = \"glyphs\", note = \"a b\" }]"),
            "a.toml: line 4, column 39: note is the text \"a b\"; write a number, true, false or a "
            "text without blanks");
  EXPECT_EQ(data_refusal("[7]"),
            "a.toml: line 4, column 13: dataset is 7; write its name in quotes, or a table");
}

TEST(StudyRefusal, BrokenTomlInOneLine) {
  for (const std::string broken :
       {"[train\n", "a = ", "a = \"x", "a = 'x\ny'", "= 5", "a = 1\na = 2", "[a]\n[a]\n",
        "a = [1, 2", "a = { b = 1", "a = 1 b = 2", "a = 99999999999999999999", "a = \"\\q\"",
        "a = \xff\xfe", "a = 5__0", "a = \"\"\"x"}) {
    const std::string message = study_refusal(broken);
    EXPECT_THAT(message,
                MatchesRegex("a\\.toml: line [0-9]+, column [0-9]+: .+; fix the TOML there"))
        << broken;
    EXPECT_THAT(message, Not(HasSubstr("\n"))) << broken;
  }
  EXPECT_THAT(study_refusal("[train]\nepochs = 5\nepochs = 6\n"), HasSubstr("line 3, column "));
}

TEST(StudyRefusal, FilesBeyondReason) {
  EXPECT_EQ(study_refusal(std::string(4'000'001, '#')),
            "a.toml: is 4.0 MB long; a study file has at most 4.0 MB");
  std::string dotted = "a";
  for (int i = 0; i < 1'000'000; ++i) dotted += ".a";
  EXPECT_EQ(study_refusal("\n" + dotted + " = 1"),
            "a.toml: line 2, column 1: a key has too many parts; use at most 16 dots");
  EXPECT_EQ(study_refusal("[" + dotted + "]"),
            "a.toml: line 1, column 1: a key has too many parts; use at most 16 dots");
  EXPECT_THAT(study_refusal("a = " + std::string(1'000'000, '[')), HasSubstr("fix the TOML there"));
  std::string tables = "a = ";
  for (int i = 0; i < 100'000; ++i) tables += "{a=";
  EXPECT_THAT(study_refusal(tables), HasSubstr("fix the TOML there"));
}

TEST(StudyRefusal, DotsInTextAndCommentsAreNoKeys) {
  const std::string dots(200, '.');
  const Study study = parse_study("# " + dots + "\n" + study_text(), "a.toml");
  EXPECT_EQ(study.name, "a");
  const std::string quoted = "[study]\nname = \"a\"\n[data]\ndatasets = [\"" + dots + "\\\"" +
                             dots + "\", '" + dots + "', \"\"\"\n" + dots + "\"\"\"]\n" +
                             "[[design]]\narchitectures = \"dnn 3\"\n";
  EXPECT_EQ(parse_study(quoted, "a.toml").datasets.size(), 3u);
}

TEST(StudyRefusal, LongJunkGetsAShortAnswer) {
  const std::string key(100'000, 'x');
  EXPECT_LT(train_refusal(key + " = 1").size(), 400u);
  EXPECT_LT(train_refusal("optimizer = \"" + key + "\"").size(), 400u);
  EXPECT_LT(design_refusal("architectures = \"" + key + "\"").size(), 400u);
}

}  // namespace
}  // namespace minima::study
