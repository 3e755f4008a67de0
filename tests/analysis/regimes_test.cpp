#include "analysis/convergence/regimes.h"

#include <gtest/gtest.h>

#include "hand_made.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

const std::vector<double> kFalling = {2.0, 1.0, 0.5, 0.3};
const std::vector<double> kTurning = {2.0, 0.2, 0.25, 0.3};

// Adds `count` runs around `accuracy` with these test losses.
void add(HandMade& made, std::int64_t parameters, double accuracy, double gap,
         const std::vector<double>& losses, int count = 4) {
  for (int i = 0; i < count; ++i) {
    made.add(parameters, {accuracy + 0.001 * (i % 3)}, gap).losses(losses);
  }
}

Regimes regimes(const HandMade& made) {
  return regimes_of(made.population(), made.selection(), target_of(made.population(), 0, {}), {});
}

TEST(Regimes, FollowOneAnother) {
  HandMade made;
  made.add(10, {0.1, 0.5, 0.1, 0.4});
  add(made, 100, 0.8, 0.0, kFalling);
  add(made, 1000, 0.95, 0.02, kFalling);
  add(made, 10'000, 0.955, 0.04, kTurning);
  add(made, 100'000, 0.955, 0.045, kTurning);
  const Regimes found = regimes(made);
  EXPECT_EQ(found.stable_from.parameters, 100);
  EXPECT_EQ(found.saturated_from.parameters, 1000);
  EXPECT_EQ(found.gap_from.parameters, 1000);
  EXPECT_EQ(found.loss_turned_from.parameters, 10'000);
  EXPECT_EQ(found.overfitting_from.parameters, 10'000);
  std::vector<Regime> levels;
  for (const LevelRegime& level : found.levels) levels.push_back(level.regime);
  EXPECT_EQ(levels, (std::vector{Regime::unstable, Regime::learning, Regime::learning,
                                 Regime::overfitting, Regime::overfitting}));
  ASSERT_EQ(found.run_regimes.size(), 20U);
  EXPECT_EQ(found.run_regimes.front(), Regime::unstable);
  EXPECT_EQ(found.run_regimes.back(), Regime::overfitting);
  EXPECT_EQ(found.levels[3].turn_epoch, 2.0);
  EXPECT_EQ(found.levels[3].loss_turned, 4);
  EXPECT_NEAR(found.levels[3].gap.value(), 0.04, 1e-12);
}

TEST(Regimes, AGapAloneIsNotOverfittingWhileAccuracyStillRises) {
  HandMade made;
  add(made, 100, 0.6, 0.1, kTurning);
  add(made, 1000, 0.7, 0.2, kTurning);
  add(made, 10'000, 0.8, 0.2, kTurning);
  const Regimes found = regimes(made);
  EXPECT_EQ(found.levels[1].regime, Regime::learning);
  EXPECT_EQ(found.overfitting_from.parameters, 10'000);
}

TEST(Regimes, WithoutTestLossesOverfittingIsUnknown) {
  HandMade made;
  made.add(1, {0.9, 0.901}, 0.05).add(2, {0.9, 0.901}, 0.05);
  const Regimes found = regimes(made);
  EXPECT_FALSE(found.loss_known);
  EXPECT_FALSE(found.overfitting_from.parameters);
  EXPECT_EQ(found.stable_from.parameters, 1);
  EXPECT_EQ(found.levels[0].regime, Regime::learning);
}

TEST(Regimes, LossesThatAreNotNumbersAreLeftOut) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  HandMade made;
  add(made, 100, 0.9, 0.05, {nan, 0.2, nan, 0.3, nan});
  const Regimes found = regimes(made);
  EXPECT_EQ(found.levels[0].loss_known, 4);
  EXPECT_EQ(found.levels[0].loss_turned, 4);
}

TEST(Regimes, ASmallRiseOfTestLossIsNoise) {
  HandMade made;
  add(made, 100, 0.9, 0.05, {1.0, 0.2, 0.209});
  EXPECT_EQ(regimes(made).levels[0].loss_turned, 0);
}

TEST(Regimes, NetworksThatFailNowAndThenAreUnstable) {
  HandMade made;
  for (const std::int64_t size : {100, 200, 300}) {
    made.add(size, {0.9, 0.9, 0.9, 0.1});
  }
  const Regimes found = regimes(made);
  EXPECT_FALSE(found.stable_from.parameters);
  EXPECT_EQ(found.levels[2].regime, Regime::unstable);
  EXPECT_TRUE(found.spread_small_from.parameters) << "those that learned agree";
}

TEST(Regimes, RunsFarBelowTheBestAreNoSuccess) {
  HandMade made;
  made.add(100, {0.4, 0.4, 0.4}).add(200, {0.97, 0.97, 0.97});
  const Regimes found = regimes(made);
  EXPECT_EQ(found.levels[0].learned, 3) << "better than chance";
  EXPECT_EQ(found.levels[0].skilled, 0) << "0.3 of the best's 0.87";
  EXPECT_EQ(found.levels[0].regime, Regime::unstable);
  EXPECT_EQ(found.levels[1].regime, Regime::learning);
}

TEST(Regimes, ASpreadThatFewTestImagesExplainIsStable) {
  HandMade made;
  // The standard deviation is 1.2 points; sampling 1000 images at 0.8 alone gives 1.26 points.
  made.add(100, {0.788, 0.8, 0.812, 0.788, 0.812}).add(200, {0.8, 0.812, 0.788, 0.812, 0.788});
  EXPECT_EQ(regimes(made).stable_from.parameters, 100);
}

TEST(Regimes, ArePlantedOnes) {
  SizeCurve curve;
  curve.failure_at_half = 0.5;
  const Simulation simulation = simulation_of(curve, logarithmic_sizes(40, 50, 1e6), 20);
  const Simulated simulated = simulate(simulation, 4);
  const Regimes found = regimes_of(simulated.population, selections_of(simulated.population)[0],
                                   target_of(simulated.population, 0, {}), {});
  const auto decades = [](std::optional<std::int64_t> parameters) {
    return std::log10(static_cast<double>(parameters.value()));
  };
  // Failures 0.5 exp(1 - P / 300) fall below 5 % at P = 991, the standard deviation below 1 point
  // at P = 741.
  EXPECT_NEAR(decades(found.stable_from.parameters), std::log10(991.0), 0.25);
  // Test losses turn for half of the runs at P = 30,000; the other conditions hold earlier.
  EXPECT_NEAR(decades(found.overfitting_from.parameters), std::log10(30'000.0), 0.25);
}

}  // namespace
}  // namespace minima::analysis
