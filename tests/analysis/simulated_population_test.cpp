#include "simulated_population.h"

#include <gtest/gtest.h>

#include "record/run_row.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

TEST(SimulatedPopulation, HasThePlantedMeanSpreadAndFailures) {
  Simulation simulation;
  simulation.levels = {{.parameters = 100, .accuracy = 0.8, .sd = 0.02, .failure = 0.2}};
  simulation.replicates = 4000;
  simulation.epochs = 0;
  const Simulated simulated = simulate(simulation, 1);
  Moments accuracy;
  for (const record::RunRow& run : simulated.population.runs) {
    accuracy.add(run.result.test_accuracy);
  }
  EXPECT_NEAR(accuracy.mean(), simulation.levels[0].mean_of_all(0.1), 0.015);
  EXPECT_NEAR(accuracy.sample_sd(), simulation.levels[0].sd_of_all(0.1), 0.015);
  EXPECT_NEAR(simulation.levels[0].mean_of_all(0.1), 0.66, 1e-12);
}

TEST(SimulatedPopulation, IsAFunctionOfItsSeed) {
  const Simulation simulation = simulation_of({}, logarithmic_sizes(4, 100, 100'000), 3);
  const Simulated first = simulate(simulation, 7);
  EXPECT_EQ(first.population.runs[5].result.test_accuracy,
            simulate(simulation, 7).population.runs[5].result.test_accuracy);
  EXPECT_NE(first.population.runs[5].result.test_accuracy,
            simulate(simulation, 8).population.runs[5].result.test_accuracy);
}

TEST(SimulatedPopulation, TestLossTurnsWhereItWasPlanted) {
  Simulation simulation;
  simulation.levels = {{.parameters = 100, .turned = 1.0}};
  simulation.replicates = 1;
  const auto history = simulate(simulation, 1).population.runs[0].result.history;
  const auto least =
      std::min_element(history.begin(), history.end(),
                       [](const auto& a, const auto& b) { return a.test_loss < b.test_loss; });
  EXPECT_EQ(least->epoch, simulation.turn);
  EXPECT_GT(history.back().test_loss, 1.4 * least->test_loss);
}

}  // namespace
}  // namespace minima::analysis
