#include "analysis/minimal_parameters.h"

#include <gtest/gtest.h>

#include "hand_made.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

MinimalParameters minimal(const HandMade& made, const study::AnalysisSettings& settings = {}) {
  return minimal_parameters_of(made.population(), made.selection(), settings);
}

TEST(MinimalParameters, AreTheFewestWithinOnePointOfTheLargest) {
  const auto found = minimal(HandMade()
                                 .add(100, {0.5, 0.501, 0.499})
                                 .add(200, {0.95, 0.951, 0.949})
                                 .add(300, {0.965, 0.966, 0.964})
                                 .add(400, {0.97, 0.971, 0.969}));
  EXPECT_EQ(found.status, MinimalStatus::found);
  EXPECT_EQ(found.size.parameters, 300);
  EXPECT_EQ(found.size.plain, 300);
  EXPECT_EQ(found.architectures, std::vector<std::string>{"dnn 300"});
  EXPECT_NEAR(found.accuracy_at_largest, 0.97, 1e-12);
  EXPECT_EQ(found.levels.size(), 4U);
  EXPECT_NEAR(found.levels[0].sd.value(), 0.001, 1e-12);
  EXPECT_LE(found.size.low.value(), 300);
  EXPECT_GE(found.size.high.value(), 300);
}

TEST(MinimalParameters, ExactlyOnePointIsWithinOnePoint) {
  const auto found = minimal(HandMade().add(1, {0.89, 0.89}).add(2, {0.9, 0.9}));
  EXPECT_EQ(found.size.parameters, 1);
}

TEST(MinimalParameters, MustAlsoBeStable) {
  const auto found = minimal(HandMade()
                                 .add(100, {0.9, 0.97, 0.935})
                                 .add(200, {0.945, 0.995, 0.97})
                                 .add(300, {0.97, 0.971, 0.969})
                                 .add(400, {0.97, 0.971, 0.969}));
  EXPECT_EQ(found.size_for_accuracy.parameters, 200);
  EXPECT_EQ(found.size_for_spread.parameters, 300);
  EXPECT_EQ(found.size.parameters, 300);
}

TEST(MinimalParameters, ArchitecturesOfEqualSizeAreOneLevel) {
  HandMade made;
  made.add(100, {0.9, 0.9}).add(100, {0.9, 0.9}).add(200, {0.9, 0.9});
  Population population = made.population();
  population.runs[0].architecture = population.runs[1].architecture = "dnn 7-3";
  const auto found = minimal_parameters_of(population, made.selection(), {});
  EXPECT_EQ(found.levels.size(), 2U);
  EXPECT_EQ(found.levels[0].runs, 4);
  EXPECT_EQ(found.architectures, (std::vector<std::string>{"dnn 100", "dnn 7-3"}));
}

TEST(MinimalParameters, OneReplicateGivesASizeWithoutInterval) {
  const auto found = minimal(HandMade().add(1, {0.5}).add(2, {0.895}).add(3, {0.9}));
  EXPECT_EQ(found.status, MinimalStatus::spread_unknown);
  EXPECT_EQ(found.size.parameters, 2);
  EXPECT_FALSE(found.size.has_interval);
  EXPECT_FALSE(found.size_for_spread.parameters);
  EXPECT_FALSE(found.levels[0].sd);
  EXPECT_FALSE(found.levels[0].fitted_sd);
  EXPECT_EQ(found.architectures, std::vector<std::string>{"dnn 2"});
}

TEST(MinimalParameters, AreAbsentWhereTheLargestNetworksAreUnstable) {
  const auto found = minimal(HandMade().add(1, {0.5, 0.6}).add(2, {0.1, 0.9}).add_diverged(2));
  EXPECT_EQ(found.status, MinimalStatus::spread_never_small);
  EXPECT_FALSE(found.size.parameters);
  EXPECT_FALSE(found.size_for_spread.parameters);
  EXPECT_EQ(found.size_for_accuracy.parameters, 1) << "0.55 against (0.1 + 0.9 + 0.1) / 3";
  EXPECT_TRUE(found.architectures.empty());
}

TEST(MinimalParameters, SayHowRareTheFailuresWouldHaveToBeThatTheirRunsDoNotShow) {
  const auto found = minimal(HandMade()
                                 .add(1, std::vector<double>(10, 0.5))
                                 .add(2, std::vector<double>(10, 0.9))
                                 .add(3, std::vector<double>(10, 0.9)));
  // 0.95 = 1 - (1 - p)^20
  EXPECT_NEAR(found.failure_limit.value(), 1 - std::pow(0.05, 1.0 / 20), 1e-9);
}

TEST(MinimalParameters, ArePlantedOnes) {
  const Simulation simulation = simulation_of({}, logarithmic_sizes(30, 50, 1e6), 30);
  const Simulated simulated = simulate(simulation, 5);
  const auto found =
      minimal_parameters_of(simulated.population, selections_of(simulated.population)[0], {});
  // 0.97 - 0.87 / (1 + (P / 300)^1.2) within 0.01 of the largest, by hand: P >= 12,167.
  EXPECT_NEAR(std::log10(static_cast<double>(found.size.parameters.value())), std::log10(12'167.0),
              0.16);  // a step of the grid
}

TEST(MinimalParameters, DependOnTheSeedOfTheBootstrapLittleAndReproducibly) {
  const Simulated simulated = simulate(simulation_of({}, logarithmic_sizes(12, 50, 1e6), 5), 5);
  const Selection selection = selections_of(simulated.population)[0];
  study::AnalysisSettings settings;
  const auto first = minimal_parameters_of(simulated.population, selection, settings);
  const auto again = minimal_parameters_of(simulated.population, selection, settings);
  EXPECT_EQ(first.size.low, again.size.low);
  EXPECT_EQ(first.size.high, again.size.high);
  settings.seed = 2;
  EXPECT_EQ(minimal_parameters_of(simulated.population, selection, settings).size.parameters,
            first.size.parameters);
}

}  // namespace
}  // namespace minima::analysis
