#include "study/plan/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "studies.h"
#include "study/plan/plan.h"
#include "support/messages.h"
#include "texts.h"

namespace minima::study {
namespace {

using ::testing::ElementsAre;

const std::vector<int> kLadderOfThePaper{1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000};

std::vector<std::string> dnn_grid(const std::string& lines) {
  return texts(grid_of(study_of("", "[[design]]\nfamily = \"dnn\"\n" + lines + "\n")));
}

std::size_t distinct(const DnnGrid& design) {
  const auto all = texts(architectures_of(design));
  return std::set<std::string>(all.begin(), all.end()).size();
}

/// The signs of the differences between consecutive layers.
std::vector<int> pattern(const network::Architecture& architecture) {
  const auto& hidden = std::get<network::Dnn>(architecture.shape()).hidden;
  std::vector<int> signs;
  for (std::size_t i = 1; i < hidden.size(); ++i) {
    signs.push_back((hidden[i] > hidden[i - 1]) - (hidden[i] < hidden[i - 1]));
  }
  return signs;
}

TEST(Grid, OfEqualShapeIsDepthTimesWidth) {
  EXPECT_THAT(dnn_grid("depth = [1, 3]\nwidth = [2, 8]"),
              ElementsAre("dnn 2", "dnn 8", "dnn 2-2-2", "dnn 8-8-8"));
}

TEST(Grid, OfDepthZeroIsLinearOnce) {
  EXPECT_THAT(dnn_grid("depth = [0, 1]\nwidth = [2, 8]"),
              ElementsAre("dnn linear", "dnn 2", "dnn 8"));
  EXPECT_THAT(dnn_grid("depth = 0\nwidth = [2, 8]\nshape = \"all\""), ElementsAre("dnn linear"));
}

TEST(Grid, OfAllShapesFollowsTheStepRule) {
  EXPECT_THAT(dnn_grid("depth = 2\nwidth = 10\nshape = \"all\""),
              ElementsAre("dnn 20-10", "dnn 10-10", "dnn 10-20"));
  EXPECT_THAT(dnn_grid("depth = 3\nwidth = 1\nshape = \"all\""),
              ElementsAre("dnn 4-2-1", "dnn 2-1-1", "dnn 2-1-2", "dnn 2-2-1", "dnn 1-1-1",
                          "dnn 1-1-2", "dnn 1-2-1", "dnn 1-2-2", "dnn 1-2-4"));
}

TEST(Grid, TakesAnotherStep) {
  EXPECT_THAT(dnn_grid("depth = 2\nwidth = 10\nshape = \"all\"\nstep = 1.5"),
              ElementsAre("dnn 15-10", "dnn 10-10", "dnn 10-15"));
  EXPECT_THAT(dnn_grid("depth = 2\nwidth = 1\nshape = \"all\"\nstep = 1"),
              ElementsAre("dnn 2-1", "dnn 1-1", "dnn 1-2"));
}

TEST(Grid, HasThe480ArchitecturesOfPaperM) {
  const DnnGrid design{
      .depth = {1, 2, 3, 4}, .width = kLadderOfThePaper, .shape = DnnGrid::Shape::all};
  EXPECT_EQ(distinct(design), 480u);
  std::size_t expected = 12;
  for (int depth = 1; depth <= 4; ++depth, expected *= 3) {
    EXPECT_EQ(distinct({.depth = {depth}, .width = kLadderOfThePaper, .shape = design.shape}),
              expected);
  }
}

TEST(Grid, OfAllShapesHasEveryPatternOnceForEveryWidthAndStep) {
  for (const double step : {1.0, 1.1, 1.5, 2.0, 10.0}) {
    for (const int width : {1, 2, 3, 7, 50}) {
      const auto all = architectures_of(
          DnnGrid{.depth = {4}, .width = {width}, .shape = DnnGrid::Shape::all, .step = step});
      std::set<std::vector<int>> patterns;
      for (const network::Architecture& architecture : all) {
        patterns.insert(pattern(architecture));
        EXPECT_EQ(std::ranges::min(std::get<network::Dnn>(architecture.shape()).hidden), width);
      }
      EXPECT_EQ(patterns.size(), 27u) << "width " << width << ", step " << step;
    }
  }
}

TEST(Grid, NeverHasAnArchitectureOfTwoWidths) {
  const DnnGrid design{.depth = {3}, .width = {}, .shape = DnnGrid::Shape::all, .step = 1.3};
  DnnGrid many = design;
  for (int width = 1; width <= 40; ++width) many.width.push_back(width);
  EXPECT_EQ(distinct(many), 40u * 9u);
}

TEST(Grid, TakesDuplicatesOfDesignsOnce) {
  const Study study = study_of("",
                               "[[design]]\nfamily = \"dnn\"\ndepth = [1, 1]\nwidth = [3, 5]\n"
                               "[[design]]\narchitectures = [\"dnn 5\", \"dnn 7\", \"dnn 7\"]\n");
  EXPECT_THAT(texts(grid_of(study)), ElementsAre("dnn 3", "dnn 5", "dnn 7"));
}

TEST(Grid, RefusesLayersTooWide) {
  EXPECT_EQ(
      message_of([] { (void)dnn_grid("depth = 2\nwidth = 600000\nshape = \"all\""); }),
      "a.toml: line 7, column 1: width 600000 with step 2 asks for a layer of 1,200,000 units; "
      "layers have at most 1,000,000 units");
}

TEST(Grid, RefusesMoreRunsThanAnyoneMeansWithoutCountingThem) {
  EXPECT_EQ(
      message_of([] { (void)dnn_grid("depth = 20\nwidth = [1, 2]\nshape = \"all\""); }),
      "a.toml: line 7, column 1: the study asks for 2,324,522,934 runs, 2,324,522,934 of them "
      "here (2,324,522,934 architectures x 1 replicates x 1 datasets); at most 1,000,000 are "
      "allowed");
  EXPECT_THAT(message_of([] { (void)dnn_grid("depth = 100\nwidth = [1, 2]\nshape = \"all\""); }),
              ::testing::HasSubstr("asks for more than 9,223,372,036,854,775,806 runs"));
}

TEST(Grid, NamesTheDesignThatAsksForMost) {
  const Study study =
      study_of("",
               "[[design]]\narchitectures = [\"dnn 5\"]\n[[design]]\nfamily = \"dnn\""
               "\ndraws = 1000000\ndepth = 1\nwidth = { min = 1, max = 1000 }\n");
  EXPECT_EQ(message_of([&] { (void)expand(study, std::vector<std::string>{"mnist"}); }),
            "a.toml: line 9, column 1: the study asks for 1,000,001 runs, 1,000,000 of them here "
            "(1,000,000 architectures x 1 replicates x 1 datasets); at most 1,000,000 are allowed");
}

TEST(Draws, StayInTheirRangeAndReachItsEnds) {
  const DnnDraws design{.draws = 500, .depth = {1, 3}, .min_width = 5, .max_width = 8};
  std::set<int> widths;
  std::set<std::size_t> depths;
  for (const network::Architecture& architecture : draw(design, 1, 0)) {
    const auto& hidden = std::get<network::Dnn>(architecture.shape()).hidden;
    depths.insert(hidden.size());
    widths.insert(hidden.begin(), hidden.end());
  }
  EXPECT_THAT(depths, ElementsAre(1, 3));
  EXPECT_THAT(widths, ElementsAre(5, 6, 7, 8));
}

TEST(Draws, AreTheSameForTheSameSeedOnly) {
  const DnnDraws design{.draws = 20, .depth = {2}, .min_width = 5, .max_width = 200};
  EXPECT_EQ(draw(design, 1, 0), draw(design, 1, 0));
  EXPECT_NE(draw(design, 1, 0), draw(design, 2, 0));
  EXPECT_NE(draw(design, 1, 0), draw(design, 1, 1));
}

// A guarantee like run ids: a seed determines these architectures.
TEST(Draws, AreWhatTheyAlwaysWere) {
  const DnnDraws design{.draws = 3, .depth = {2}, .min_width = 5, .max_width = 200};
  EXPECT_THAT(texts(draw(design, 1, 0)), ElementsAre("dnn 127-122", "dnn 107-51", "dnn 6-35"));
}

TEST(Draws, KeepTheFirstOnesWhenMoreAreAskedFor) {
  DnnDraws design{.draws = 10, .depth = {1, 2}, .min_width = 5, .max_width = 200};
  const auto few = draw(design, 1, 0);
  design.draws = 30;
  const auto many = draw(design, 1, 0);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

}  // namespace
}  // namespace minima::study
