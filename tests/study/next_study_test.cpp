#include "study/next_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/study_file.h"

namespace minima::study {
namespace {

using testing::ElementsAre;

constexpr const char* kBefore = R"(
[study]
name = "digits"   # a comment
replicates = 3
[data]
datasets = ["mnist", "glyphs"]
[train]
epochs = 7
[[design]]
architectures = ["dnn 4"]
[[design]]
family = "cnn"
channels = [2]
[pruning]
representatives = "median"
[[pruning.protocol]]
sparsity = [0.5, 0.9]
)";

TEST(NextStudy, IsAStudyOfItsArchitecturesWithTheSameTrainingAndProtocols) {
  const std::string text = next_study_text(kBefore, {.name = "digits-next",
                                                     .dataset = "glyphs",
                                                     .replicates = 29,
                                                     .architectures = {"dnn 4", "dnn 8"}});
  const Study before = parse_study(kBefore, "before");
  const Study next = parse_study(text, "next");
  EXPECT_EQ(next.name, "digits-next");
  EXPECT_EQ(next.replicates, 29);
  EXPECT_EQ(next.train.text(), before.train.text());
  EXPECT_EQ(next.pruning.protocols.at(0).text(), before.pruning.protocols.at(0).text());
  EXPECT_EQ(next.pruning.representatives, Representatives::all);
  EXPECT_EQ(next.weights, KeepWeights::all);
  ASSERT_EQ(next.datasets.size(), 1U);
  EXPECT_EQ(next.datasets[0].text, "glyphs");
  EXPECT_EQ(next.designs.size(), 1U);
  EXPECT_NE(text.find("dnn 8"), std::string::npos);
}

TEST(NextStudy, ScalesWidths) {
  EXPECT_THAT(wider("dnn 32-16"), ElementsAre("dnn 64-32", "dnn 128-64"));
  EXPECT_THAT(narrower("cnn 4-6 max2"), ElementsAre("cnn 2-3 max2", "cnn 1-1 max2"));
  EXPECT_THAT(narrower("dnn 1"), ElementsAre());
  EXPECT_THAT(wider("dnn linear"), ElementsAre());
}

}  // namespace
}  // namespace minima::study
