#include "study/file/next_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/file/study_file.h"

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
sparsity = [0.5, 0.8]
[[pruning.protocol]]
criterion = "random"
sparsity = [0.5]
[[quantization.protocol]]
formats = "int8"
)";

NextStudy next_of(int replicates) {
  return {.name = "digits-next",
          .dataset = "glyphs",
          .training = "seed=1 epochs=7",
          .replicates = replicates,
          .architectures = {"dnn 4", "dnn 8"},
          .pruning = {"one-shot global magnitude"}};
}

TEST(NextStudy, IsAStudyOfItsArchitecturesWithTheSameTrainingAndProtocols) {
  const std::string text = next_study_text(kBefore, next_of(29));
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

TEST(NextStudy, TrainsAsRecordedEvenIfTheStudyFileSaysOtherwise) {
  NextStudy next = next_of(29);
  next.training = "seed=4 init=normal(sd=0.02)";  // --set train.epochs=20 gave the default
  const Study study = parse_study(next_study_text(kBefore, next), "next");
  EXPECT_EQ(study.train.text(), "init=normal(sd=0.02)");
  EXPECT_EQ(study.train.epochs, 20);
}

TEST(NextStudy, KeepsTheProtocolsThatAreAskedFor) {
  const Study next = parse_study(next_study_text(kBefore, next_of(29)), "next");
  ASSERT_EQ(next.pruning.protocols.size(), 1U);
  EXPECT_EQ(next.pruning.protocols[0].text(), "one-shot global magnitude");
  EXPECT_TRUE(next.quantization.protocols.empty());
}

TEST(NextStudy, HasANewSeed) {
  const auto seed = [](const std::string& text) { return parse_study(text, "study").seed; };
  const std::string first = next_study_text(kBefore, next_of(29));
  NextStudy again = next_of(29);
  again.training = parse_study(first, "first").training_text();
  const std::string second = next_study_text(first, again);
  EXPECT_NE(seed(first), seed(kBefore));
  EXPECT_NE(seed(second), seed(first));
  EXPECT_NE(seed(second), seed(kBefore));
  EXPECT_EQ(first, next_study_text(kBefore, next_of(29)));
  EXPECT_NE(seed(first), seed(next_study_text(kBefore, next_of(30))));
}

TEST(NextStudy, PrintsNumbersAsAPersonWould) {
  const std::string text = next_study_text(kBefore, next_of(29));
  EXPECT_NE(text.find("0.8"), std::string::npos);
  EXPECT_EQ(text.find("0.80"), std::string::npos) << text;
  EXPECT_EQ(text.find("@number"), std::string::npos) << text;
  EXPECT_TRUE(text.starts_with(kNextStudyMark));
}

TEST(NextStudy, KeepsWidthsWithinTheLimits) {
  EXPECT_THAT(wider("dnn 400000"), ElementsAre("dnn 800000"));
  EXPECT_THAT(wider("cnn 4000"), ElementsAre("cnn 8000"));
}

TEST(NextStudy, ScalesWidths) {
  EXPECT_THAT(wider("dnn 32-16"), ElementsAre("dnn 64-32", "dnn 128-64"));
  EXPECT_THAT(narrower("cnn 4-6 max2"), ElementsAre("cnn 2-3 max2", "cnn 1-1 max2"));
  EXPECT_THAT(narrower("dnn 1"), ElementsAre());
  EXPECT_THAT(wider("dnn linear"), ElementsAre());
}

}  // namespace
}  // namespace minima::study
