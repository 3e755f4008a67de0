// Analyses must handle nearly empty populations.
#include <gtest/gtest.h>

#include "analysis/convergence/regimes.h"
#include "analysis/convergence/reliability.h"
#include "analysis/population/groups.h"
#include "analysis/sizes/literal_sizes.h"
#include "analysis/sizes/minimal_parameters.h"
#include "hand_made.h"

namespace minima::analysis {
namespace {

struct Answers {
  Groups groups;
  MinimalParameters minimal;
  LiteralSizes literal;
  Reliability reliability;
  Regimes regimes;
};

Answers answers(const HandMade& made, study::AnalysisSettings settings = {}) {
  settings.bootstrap_samples = 50;
  const Population& population = made.population();
  const Selection selection = made.selection();
  const Target target = target_of(population, 0, settings);
  return {groups_of(population, selection, settings),
          minimal_parameters_of(population, selection, settings),
          literal_sizes_of(population, selection, settings),
          reliability_of(population, selection, target, settings),
          regimes_of(population, selection, target, settings)};
}

TEST(DegeneratePopulation, OfNoRunsHasNoAnswers) {
  const Answers none = answers(HandMade());
  EXPECT_TRUE(none.groups.groups.empty());
  EXPECT_EQ(none.groups.rows.size(), 5U);
  EXPECT_FALSE(none.minimal.size.parameters);
  EXPECT_TRUE(none.reliability.sizes.empty());
  EXPECT_TRUE(none.regimes.levels.empty());
}

TEST(DegeneratePopulation, OfOneRunHasNoMinimum) {
  const Answers one = answers(HandMade().add(7, {0.9}));
  EXPECT_EQ(one.groups.groups[0], AccuracyGroup::high);
  EXPECT_EQ(one.minimal.status, MinimalStatus::one_size);
  EXPECT_FALSE(one.minimal.size.parameters);
  EXPECT_EQ(one.literal.size.parameters, 7);
  EXPECT_EQ(one.reliability.sizes[0].size.parameters, 7);
  EXPECT_EQ(one.regimes.levels[0].regime, Regime::learning);
  EXPECT_FALSE(one.regimes.spread_known);
}

TEST(DegeneratePopulation, OfFailuresOnlyIsUnstableAndNon) {
  const Answers failed = answers(HandMade().add_diverged(1, 3).add(2, {0.1, 0.1}).add_diverged(2));
  for (const auto& group : failed.groups.groups) EXPECT_EQ(group, AccuracyGroup::non);
  for (const LevelRegime& level : failed.regimes.levels) {
    EXPECT_EQ(level.regime, Regime::unstable);
  }
  EXPECT_FALSE(failed.regimes.stable_from.parameters);
  EXPECT_FALSE(failed.regimes.overfitting_from.parameters);
  EXPECT_EQ(failed.literal.size.parameters, 1) << "none is worse than the largest";
  EXPECT_EQ(failed.minimal.status, MinimalStatus::still_rising) << "two sizes show no flat end";
  EXPECT_FALSE(failed.reliability.missing.empty());
}

TEST(DegeneratePopulation, OfEqualRunsNeedsItsSmallestNetworkOnly) {
  const Answers equal = answers(HandMade().add(1, {0.9, 0.9, 0.9}).add(2, {0.9, 0.9, 0.9}));
  EXPECT_EQ(equal.literal.size.parameters, 1);
  EXPECT_EQ(equal.literal.size.low, 1);
  EXPECT_EQ(equal.reliability.sizes[1].size.parameters, 1);
  EXPECT_EQ(equal.regimes.levels[0].regime, Regime::learning);
}

TEST(DegeneratePopulation, MayHaveLevelsWithOneRunAmongOthers) {
  const Answers mixed =
      answers(HandMade().add(1, {0.5}).add(2, {0.9, 0.9}).add(3, {0.9}).add(4, {0.901, 0.9}));
  EXPECT_EQ(mixed.literal.size_for_accuracy.parameters, 2);
  EXPECT_FALSE(mixed.minimal.levels[2].sd);
  EXPECT_TRUE(mixed.minimal.end.tested);
}

TEST(DegeneratePopulation, SettingsAtTheirLimitsAreAnswered) {
  study::AnalysisSettings settings;
  settings.accuracy_tolerance = settings.spread_tolerance = settings.gap_tolerance = 0.0;
  settings.reliability = 1.0;
  settings.bootstrap_samples = 1;
  const Answers strict =
      answers(HandMade().add(1, {0.5, 0.6}).add(2, {0.9, 0.91}).add(3, {0.9, 0.9}).losses({1, 2}),
              settings);
  EXPECT_EQ(strict.literal.size_for_spread.parameters, 3);
  EXPECT_EQ(strict.reliability.sizes.back().reliability, 1.0);
}

}  // namespace
}  // namespace minima::analysis
