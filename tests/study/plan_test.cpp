#include "study/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "studies.h"
#include "support/not_empty.h"

namespace minima::study {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> lines(const std::vector<Run>& runs) {
  std::vector<std::string> all;
  for (const auto& run : runs) {
    all.push_back(run.dataset + " | " + run.architecture.text() + " | " +
                  std::to_string(run.replicate));
  }
  return all;
}

std::set<std::string> ids(const std::vector<Run>& runs) {
  std::set<std::string> all;
  for (const auto& run : runs) all.insert(run.id);
  return all;
}

Study replicated_study(const std::string& designs, int replicates = 1) {
  Study study = study_of("", designs);
  study.replicates = replicates;
  return study;
}

const std::vector<std::string> kOnlyMnist{"mnist"};

TEST(Expand, GoesByDatasetDesignArchitectureReplicate) {
  const Study study = replicated_study(
      "[[design]]\nfamily = \"dnn\"\ndepth = 1\nwidth = [3, 5]\n"
      "[[design]]\narchitectures = [\"dnn 5\", \"dnn linear\"]\n",
      2);
  EXPECT_THAT(
      lines(expand(study, std::vector<std::string>{"mnist", "glyphs", "mnist"})),
      ElementsAre("mnist | dnn 3 | 0", "mnist | dnn 3 | 1", "mnist | dnn 5 | 0",
                  "mnist | dnn 5 | 1", "mnist | dnn linear | 0", "mnist | dnn linear | 1",
                  "glyphs | dnn 3 | 0", "glyphs | dnn 3 | 1", "glyphs | dnn 5 | 0",
                  "glyphs | dnn 5 | 1", "glyphs | dnn linear | 0", "glyphs | dnn linear | 1"));
}

TEST(Expand, GivesRunsTheSettingsOfTheStudy) {
  Study study = study_of("epochs = 3");
  study.seed = 77;
  const auto runs = expand(study, kOnlyMnist);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].seed, 77u);
  EXPECT_EQ(runs[0].train.epochs, 3);
  EXPECT_EQ(runs[0].id, run_id(runs[0]));
}

constexpr const char* kDraws =
    "[[design]]\nfamily = \"dnn\"\ndraws = 100\ndepth = [1, 2]\nwidth = { min = 5, max = 200 }\n";

TEST(Expand, SpreadsDrawsOverManyShuffles) {
  const auto runs = expand(replicated_study(kDraws, 3), kOnlyMnist);
  ASSERT_EQ(runs.size(), 300u);
  std::map<int, int> sharing;
  for (const auto& run : runs) ++sharing[run.replicate];
  for (const auto& [replicate, count] : sharing) EXPECT_LE(count, 16) << replicate;
  // Draw 0 is in block 0, draw 99 in block 6.
  EXPECT_EQ(runs[0].replicate, 0);
  EXPECT_EQ(runs[2].replicate, 2);
  EXPECT_EQ(runs.back().replicate, 6 * 3 + 2);
}

TEST(Expand, DrawsTheSameForEveryDataset) {
  const auto runs = expand(replicated_study(kDraws), std::vector<std::string>{"mnist", "glyphs"});
  ASSERT_EQ(runs.size(), 200u);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(runs[i].architecture, runs[100 + i].architecture);
    EXPECT_EQ(runs[i].replicate, runs[100 + i].replicate);
  }
}

TEST(Expand, GivesAnArchitectureDrawnTwiceAnotherShuffle) {
  // Three architectures, a hundred draws: most are drawn repeatedly.
  const auto runs = expand(replicated_study("[[design]]\nfamily = \"dnn\"\ndraws = 100\ndepth = 1\n"
                                            "width = { min = 1, max = 3 }\n",
                                            2),
                           kOnlyMnist);
  EXPECT_EQ(runs.size(), 200u);
  EXPECT_EQ(ids(runs).size(), 200u);
}

TEST(Expand, KeepsEveryDrawBesideAGridAndOtherDraws) {
  const std::string draws =
      "[[design]]\nfamily = \"dnn\"\ndraws = 40\ndepth = 1\nwidth = { min = 1, max = 9 }\n";
  const auto runs =
      expand(replicated_study(
                 "[[design]]\nfamily = \"dnn\"\ndepth = 1\nwidth = [1, 2, 3]\n" + draws + draws, 2),
             kOnlyMnist);
  EXPECT_EQ(runs.size(), 2u * (3 + 40 + 40));
  EXPECT_EQ(ids(runs).size(), runs.size());
  std::map<int, int> drawn;
  for (std::size_t i = 6; i < runs.size(); ++i) ++drawn[runs[i].replicate];
  for (const auto& [replicate, count] : drawn) EXPECT_LE(count, 16) << replicate;
}

TEST(Expand, KeepsOldRunsWhenDrawsAreAdded) {
  const auto few = expand(replicated_study(kDraws), kOnlyMnist);
  std::string more = kDraws;
  more.replace(more.find("100"), 3, "150");
  const auto many = ids(expand(replicated_study(more), kOnlyMnist));
  for (const auto& run : not_empty(few)) EXPECT_TRUE(many.contains(run.id));
}

TEST(Expand, IsTheSameEveryTime) {
  const Study study = replicated_study(kDraws, 2);
  EXPECT_EQ(lines(expand(study, kOnlyMnist)), lines(expand(study, kOnlyMnist)));
}

}  // namespace
}  // namespace minima::study
