#include "statistics/tests/fixed_sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/recommend/test_order.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;

std::vector<std::size_t> rejected(const std::vector<TestSequence>& sequences) {
  std::vector<std::size_t> counts;
  for (const TestedSequence& each : test_sequences(sequences)) counts.push_back(each.rejected);
  return counts;
}

TEST(FixedSequence, TestsEachAtTheFullLevelAndStopsAtTheFirstThatFails) {
  EXPECT_THAT(rejected({{0.05, {0.04, 0.05, 0.06, 0.001}}}), ElementsAre(2));
}

TEST(FixedSequence, HandsOnTheLevelOfASequenceThatIsRejectedToItsEnd) {
  // The second takes over 0.025 and rejects 0.04; the third stays at 0.
  EXPECT_THAT(rejected({{0.025, {0.02}}, {0.025, {0.01, 0.04, 0.06}}, {0.0, {0.01}}}),
              ElementsAre(1, 2, 0));
  EXPECT_THAT(rejected({{0.025, {0.06}}, {0.025, {0.01}}, {0.0, {0.02}}}), ElementsAre(0, 1, 1));
}

TEST(FixedSequence, GoesAroundToTheFirstSequence) {
  EXPECT_THAT(rejected({{0.025, {0.04}}, {0.025, {0.01}}}), ElementsAre(1, 1));
}

TEST(FixedSequence, SharesTheLevelOverAsManySequencesAsCanRejectAnything) {
  EXPECT_EQ(sequences_to_share(0.05, 0.03125, 40), 1);      // 5 replicates, R = 0.5
  EXPECT_EQ(sequences_to_share(0.05, 0.00390625, 40), 12);  // 8 replicates
  EXPECT_EQ(sequences_to_share(0.05, 0.00390625, 3), 3);
  EXPECT_EQ(sequences_to_share(0.05, 0.2, 3), 1);
}

TEST(TestOrder, HasOneSequencePerPatternAndCompressionFromLargeToSmall) {
  const std::vector<PlannedChoice> choices = {
      {.architecture = "dnn 4", .parameters = 40},
      {.architecture = "dnn 16", .parameters = 160},
      {.architecture = "dnn 8-4", .parameters = 90},
      {.architecture = "dnn 4", .parameters = 40, .pruning = "p", .sparsity_asked = 0.9},
      {.architecture = "dnn 4",
       .parameters = 40,
       .quantization = "q",
       .format = study::NumberFormat::int8,
       .bits = 8,
       .in_integers = true},
      {.architecture = "dnn 4",
       .parameters = 40,
       .quantization = "q",
       .format = study::NumberFormat::int2,
       .bits = 2,
       .in_integers = true},
  };
  EXPECT_THAT(test_order(choices), ElementsAre(ElementsAre(4), ElementsAre(1, 0), ElementsAre(2),
                                               ElementsAre(3), ElementsAre(5)));
}

TEST(TestOrder, APatternIsAnArchitectureWithoutItsWidths) {
  EXPECT_EQ(pattern_of("dnn 32-16"), pattern_of("dnn 8-64"));
  EXPECT_NE(pattern_of("dnn 32-16"), pattern_of("dnn 32"));
  EXPECT_EQ(pattern_of("cnn 4-8 max2"), pattern_of("cnn 2-2 max2"));
  EXPECT_NE(pattern_of("cnn 4-8 max2"), pattern_of("cnn 4-8"));
  EXPECT_EQ(pattern_of("vit d16 h2 l1 p7"), pattern_of("vit d32 h2 l1 p7"));
  EXPECT_EQ(pattern_of("of a newer version"), "of a newer version");
}

}  // namespace
}  // namespace minima::analysis
