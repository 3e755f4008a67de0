#include "analysis/convergence/reliability.h"

#include <gtest/gtest.h>

#include "hand_made.h"

namespace minima::analysis {
namespace {

std::vector<double> successes(int good, int all) {
  std::vector<double> accuracies(static_cast<std::size_t>(all), 0.5);
  std::fill_n(accuracies.begin(), good, 0.9);
  return accuracies;
}

HandMade growing() {
  HandMade made;
  made.add(100, successes(0, 20)).add(200, successes(8, 20)).add(300, successes(15, 20));
  made.add(400, successes(20, 20)).add(500, successes(20, 20));
  return made;
}

study::AnalysisSettings at(double accuracy) {
  study::AnalysisSettings settings;
  settings.success_accuracy = accuracy;
  return settings;
}

Reliability reliability(const HandMade& made, const study::AnalysisSettings& settings) {
  return reliability_of(made.population(), made.selection(),
                        target_of(made.population(), 0, settings), settings);
}

TEST(Reliability, IsTheShareOfRunsAboveTheThreshold) {
  const HandMade made = growing();
  const auto found = reliability(made, at(0.9));
  EXPECT_TRUE(found.threshold_given);
  ASSERT_EQ(found.sizes.size(), 2U) << "95 % is the default of `reliability` too";
  EXPECT_EQ(found.sizes[0].reliability, 0.5);
  EXPECT_EQ(found.sizes[0].size.parameters, 300);
  EXPECT_EQ(found.sizes[1].size.parameters, 400);
  EXPECT_EQ(found.levels[1].successes, 8);
  EXPECT_DOUBLE_EQ(found.levels[2].fitted_share, 0.75);
}

TEST(Reliability, FitNeverFalls) {
  HandMade made;
  made.add(1, successes(3, 10)).add(2, successes(2, 20)).add(3, successes(10, 10));
  const auto found = reliability(made, at(0.9));
  EXPECT_DOUBLE_EQ(found.levels[0].fitted_share, 5.0 / 30.0);
  EXPECT_DOUBLE_EQ(found.levels[1].fitted_share, 5.0 / 30.0);
}

TEST(Reliability, OfAnotherShareIsAnsweredToo) {
  const HandMade made = growing();
  study::AnalysisSettings settings = at(0.9);
  settings.reliability = 0.7;
  const auto found = reliability(made, settings);
  ASSERT_EQ(found.sizes.size(), 3U);
  EXPECT_EQ(found.sizes[1].reliability, 0.7);
  EXPECT_EQ(found.sizes[1].size.parameters, 300);
}

TEST(Reliability, NeverReachedIsAbsent) {
  const HandMade made = growing();
  const auto found = reliability(made, at(0.99));
  EXPECT_FALSE(found.sizes[0].size.parameters);
  EXPECT_TRUE(found.sizes[0].size.has_interval);
  EXPECT_FALSE(found.sizes[0].size.high) << "larger than every size trained";
}

TEST(Reliability, ADivergedRunIsNoSuccessEvenWhereTheLargestClassWouldDo) {
  HandMade made;
  made.add(1, {0.3}).add_diverged(1, 3);
  EXPECT_EQ(reliability(made, at(0.2)).levels[0].successes, 1);
}

TEST(Reliability, ThresholdIsTheTargetOfTheDataset) {
  const HandMade made = growing();
  const auto found = reliability(made, {});
  EXPECT_EQ(found.threshold, target_of(made.population(), 0, {}).accuracy);
  EXPECT_FALSE(found.threshold_given);
}

TEST(Reliability, WithoutATargetHasNoSizes) {
  HandMade made;
  made.add(1, {0.1, 0.1}).add(2, {0.1, 0.1});
  const auto found = reliability(made, {});
  EXPECT_FALSE(found.missing.empty());
  EXPECT_TRUE(found.sizes.empty());
  EXPECT_EQ(found.levels[1].successes, 0);
}

}  // namespace
}  // namespace minima::analysis
