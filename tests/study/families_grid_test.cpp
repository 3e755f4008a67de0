// Designs of convolutional networks and vision transformers, and the treatment of impossible
// combinations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "studies.h"
#include "study/plan/grid.h"
#include "study/plan/plan.h"
#include "support/messages.h"
#include "support/problems.h"
#include "texts.h"

namespace minima::study {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Line 3 can set the treatment of invalid combinations; line 8 is [[design]].
Study study_with_design(const std::string& lines, const std::string& invalid = "refuse") {
  return parse_study("[study]\nname = \"a\"\ninvalid = \"" + invalid +
                         "\"\n[data]\ndatasets = [\"mnist\"]\n[train]\n\n[[design]]\n" + lines +
                         "\n",
                     "a.toml");
}

std::vector<std::string> grid(const std::string& lines, const std::string& invalid = "refuse") {
  return texts(grid_of(study_with_design(lines, invalid)));
}

std::vector<std::string> lines_of(const std::vector<Run>& runs) {
  std::vector<std::string> all;
  for (const Run& run : runs) all.push_back(run.dataset + " | " + run.architecture.text());
  return all;
}

const std::vector<std::string> kBoth{"mnist", "cifar10"};
const std::string kVit = "family = \"vit\"\nwidth = 64\nheads = 4\nlayers = 1\n";

TEST(CnnGrid, IsOneConvolutionForEachNumberOfChannels) {
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = [1, 8]"), ElementsAre("cnn 1", "cnn 8"));
}

TEST(CnnGrid, IsEveryCombinationOfItsLists) {
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = [4, 8]\ndepth = [1, 2]\npooling = [\"none\", "
                   "\"max\"]"),
              ElementsAre("cnn 4", "cnn 4 max2", "cnn 8", "cnn 8 max2", "cnn 4-4", "cnn 4-4 max2",
                          "cnn 8-8", "cnn 8-8 max2"));
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = 2\nkernel = 5\nstride = [1, 2]\npadding = 2\n"
                   "pooling = \"average\"\nhead = [\"average\", \"flatten\"]"),
              ElementsAre("cnn 2 k5 pad2 avg2 gap", "cnn 2 k5 pad2 avg2",
                          "cnn 2 k5 s2 pad2 avg2 gap", "cnn 2 k5 s2 pad2 avg2"));
}

TEST(CnnGrid, GrowsFromConvolutionToConvolution) {
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = [8, 3]\ndepth = 3\ngrowth = 2"),
              ElementsAre("cnn 8-16-32", "cnn 3-6-12"));
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = [3, 1]\ndepth = 3\ngrowth = 1.5"),
              ElementsAre("cnn 3-5-7", "cnn 1-2-2"));
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = 3\ndepth = 3\ngrowth = 0.1"),
              ElementsAre("cnn 3-1-1"));
}

TEST(VitGrid, IsEveryCombinationOfItsLists) {
  EXPECT_THAT(
      grid("family = \"vit\"\nwidth = [32, 64]\nheads = [2, 4]\nlayers = 1\npatch = 7"),
      ElementsAre("vit d32 h2 l1 p7", "vit d32 h4 l1 p7", "vit d64 h2 l1 p7", "vit d64 h4 l1 p7"));
  EXPECT_THAT(
      grid("family = \"vit\"\nwidth = 32\nheads = 2\nlayers = [1, 2]\npatch = [4, 7]"),
      ElementsAre("vit d32 h2 l1 p4", "vit d32 h2 l1 p7", "vit d32 h2 l2 p4", "vit d32 h2 l2 p7"));
  EXPECT_THAT(grid(kVit + "patch = 7\nnorm = \"post\"\nactivation = \"relu\"\nmlp = [2, 4]\npool = "
                          "[\"class\", \"mean\"]"),
              ElementsAre("vit d64 h4 l1 p7 post relu m2 cls", "vit d64 h4 l1 p7 post relu m2",
                          "vit d64 h4 l1 p7 post relu cls", "vit d64 h4 l1 p7 post relu"));
  EXPECT_EQ(grid(kVit + "patch = 7\nnorm = [\"pre\", \"post\"]\nactivation = [\"gelu\", \"relu\"]")
                .size(),
            4u);
}

TEST(VitGrid, TriesEachDropout) {
  EXPECT_THAT(grid(kVit + "patch = 7\npool = [\"mean\", \"class\"]\ndropout = [0, 0.1]"),
              ElementsAre("vit d64 h4 l1 p7", "vit d64 h4 l1 p7 drop0.1", "vit d64 h4 l1 p7 cls",
                          "vit d64 h4 l1 p7 cls drop0.1"));
  EXPECT_THAT(grid(kVit + "patch = 7\ndropout = 0.5"), ElementsAre("vit d64 h4 l1 p7 drop0.5"));
}

TEST(VitGrid, RefusesDropoutThatCannotBeEvenWhereOthersAreSkipped) {
  const auto refusal = [](const std::string& dropout) {
    return message_of(
        [&] { (void)study_with_design(kVit + "patch = 7\ndropout = " + dropout, "skip"); });
  };
  EXPECT_THAT(refusal("[0, 1]"),
              HasSubstr("dropout = 1 is out of range; write a number from 0 to below 1"));
  EXPECT_THAT(refusal("0.0001"), HasSubstr("dropout = 0.0001 has too many decimals; write a number "
                                           "from 0 to below 1, with at most 3 decimals"));
  EXPECT_THAT(refusal("[]"), HasSubstr("dropout is empty"));
  EXPECT_THAT(refusal("\"0.1\""), HasSubstr("dropout is the text"));
}

TEST(Invalid, CombinationsAreSkippedWhereTheStudySaysSo) {
  EXPECT_THAT(
      grid("family = \"vit\"\nwidth = [64, 48]\nheads = [3, 8]\nlayers = 1\npatch = 7", "skip"),
      ElementsAre("vit d64 h8 l1 p7", "vit d48 h3 l1 p7", "vit d48 h8 l1 p7"));
  EXPECT_THAT(grid("family = \"cnn\"\nchannels = 8\nkernel = [1, 3]\npadding = [0, 1]", "skip"),
              ElementsAre("cnn 8 k1", "cnn 8", "cnn 8 pad1"));
}

TEST(Invalid, ArchitecturesOfAListAreNeverSkippedForTheirText) {
  EXPECT_THAT(
      message_of([] { (void)study_with_design("architectures = [\"vit d64 h5 l1 p7\"]", "skip"); }),
      HasSubstr("line 9, column 18: architecture \"vit d64 h5 l1 p7\": 5 heads"));
}

TEST(Invalid, PatchesThatDoNotDivideAreRefusedWithTheirDesign) {
  const Study study = study_with_design(kVit + "patch = [7, 8]");
  EXPECT_EQ(
      message_of([&] { (void)expand(study, kBoth, problem_of); }),
      "a.toml: line 8, column 1: mnist: architecture \"vit d64 h4 l1 p8\" does not fit images "
      "of 1 x 28 x 28: patches of 8 x 8 do not divide 28 x 28; write p7 or p14, or set invalid "
      "= \"skip\" in [study]");
}

TEST(Invalid, PatchesThatDoNotDivideAreSkippedDatasetByDataset) {
  const Study study = study_with_design(kVit + "patch = [4, 7, 8]", "skip");
  EXPECT_THAT(lines_of(expand(study, kBoth, problem_of)),
              ElementsAre("mnist | vit d64 h4 l1 p4", "mnist | vit d64 h4 l1 p7",
                          "cifar10 | vit d64 h4 l1 p4", "cifar10 | vit d64 h4 l1 p8"));
}

TEST(Invalid, ArchitecturesOfAListAreSkippedWhereTheyDoNotFit) {
  const Study study =
      study_with_design("architectures = [\"vit d64 h4 l1 p8\", \"cnn 4 k32\", \"dnn 3\"]", "skip");
  EXPECT_THAT(lines_of(expand(study, kBoth, problem_of)),
              ElementsAre("mnist | dnn 3", "cifar10 | vit d64 h4 l1 p8", "cifar10 | cnn 4 k32",
                          "cifar10 | dnn 3"));
}

TEST(Invalid, NothingLeftIsRefused) {
  const Study study = study_with_design(kVit + "patch = 5", "skip");
  EXPECT_EQ(message_of([&] { (void)expand(study, kBoth, problem_of); }),
            "a.toml: all architectures are skipped; remove invalid = \"skip\" to see what is "
            "wrong with them");
}

TEST(Invalid, WhatIsTooMuchToSpellOutIsRefusedForItsSize) {
  std::string many = "[1";
  for (int i = 2; i <= 1001; ++i) many += ", " + std::to_string(i);
  many += "]";
  const Study study = study_with_design("family = \"vit\"\nwidth = " + many + "\nheads = " + many +
                                        "\nlayers = 1\npatch = 7");
  EXPECT_THAT(message_of([&] { (void)expand(study, kBoth); }),
              HasSubstr("line 8, column 1: the study asks for 1,002,001 runs"));
}

CnnDraws some_draws(int draws) {
  CnnDraws design;
  design.draws = draws;
  design.min_channels = 2;
  design.max_channels = 9;
  return design;
}

TEST(CnnDraws, StayInTheirRangeAndReachItsEnds) {
  CnnDraws design = some_draws(300);
  design.depth = {1, 3};
  design.pooling = {network::Cnn::Pooling::none, network::Cnn::Pooling::max};
  std::set<int> filters;
  std::set<std::size_t> depths;
  std::set<network::Cnn::Pooling> poolings;
  for (const network::Architecture& architecture : draw(design, 1, 0)) {
    const auto& cnn = std::get<network::Cnn>(architecture.shape());
    depths.insert(cnn.filters.size());
    filters.insert(cnn.filters.begin(), cnn.filters.end());
    poolings.insert(cnn.pooling);
    EXPECT_EQ(cnn.kernel, 3);
  }
  EXPECT_THAT(depths, ElementsAre(1, 3));
  EXPECT_THAT(filters, ElementsAre(2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(poolings.size(), 2u);
}

// A guarantee like run ids: a seed determines these architectures.
TEST(CnnDraws, AreWhatTheyAlwaysWere) {
  CnnDraws design = some_draws(4);
  EXPECT_THAT(texts(draw(design, 1, 0)), ElementsAre("cnn 7", "cnn 9", "cnn 8", "cnn 3"));
  design.depth = {2};
  design.kernel = {3, 5};
  EXPECT_THAT(texts(draw(design, 1, 0)),
              ElementsAre("cnn 5-9", "cnn 6-7 k5", "cnn 8-7", "cnn 4-3 k5"));
}

TEST(CnnDraws, KeepTheFirstOnesWhenMoreAreAskedFor) {
  const auto few = draw(some_draws(10), 1, 0);
  const auto many = draw(some_draws(30), 1, 0);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  EXPECT_NE(few, draw(some_draws(10), 2, 0));
  EXPECT_NE(few, draw(some_draws(10), 1, 1));
}

TEST(CnnDraws, AreReadAndSpreadOverShuffles) {
  const auto runs = expand(
      study_with_design(
          "family = \"cnn\"\ndraws = 40\nchannels = { min = 1, max = 5000 }\npooling = \"max\""),
      kBoth, problem_of);
  ASSERT_EQ(runs.size(), 80u);
  EXPECT_THAT(lines_of(runs), Each(HasSubstr(" max2")));
  EXPECT_EQ(runs[0].replicate, 0);
  EXPECT_EQ(runs[39].replicate, 2);
}

}  // namespace
}  // namespace minima::study
