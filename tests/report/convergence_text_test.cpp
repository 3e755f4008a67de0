#include "report/convergence_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/simulated_population.h"
#include "core/text.h"
#include "report/text_table.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

analysis::Population population_of(std::vector<analysis::SimulatedLevel> levels, int replicates) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    levels[i].architecture = "dnn " + std::to_string(i + 1);
  }
  return analysis::simulate({.levels = std::move(levels), .replicates = replicates}, 3).population;
}

std::string text_of(const analysis::Population& population) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return convergence_text(analysis::convergence_of(population, settings), population, {});
}

std::vector<analysis::SimulatedLevel> three_sizes() {
  return {{.parameters = 1000, .accuracy = 0.5, .sd = 0.05, .failure = 0.6},
          {.parameters = 10'000, .accuracy = 0.97, .sd = 0.002},
          {.parameters = 100'000, .accuracy = 0.975, .sd = 0.002, .gap = 0.02, .turned = 1.0}};
}

TEST(ConvergenceText, SaysSizesRegimesAndFailures) {
  const std::string text = text_of(population_of(three_sizes(), 8));
  EXPECT_THAT(text, HasSubstr("planted, dnn: 24 runs, 1,000 to 100,000 parameters"));
  EXPECT_THAT(text, HasSubstr("P_min       10,000 parameters"));
  EXPECT_THAT(text, HasSubstr("unstable below 10,000"));
  EXPECT_THAT(text, HasSubstr("100,000 [100,000, beyond]"));
  EXPECT_THAT(text, HasSubstr("dnn 1 ("));
}

TEST(ConvergenceText, FitsIntoEightyColumns) {
  for (const std::string& line : split(text_of(population_of(three_sizes(), 8)), '\n')) {
    EXPECT_LE(display_width(line), 80U) << line;
  }
}

TEST(ConvergenceText, SaysWhatOneReplicateCannotTell) {
  const std::string text = text_of(population_of(three_sizes(), 1));
  EXPECT_THAT(text, HasSubstr("every size has one run"));
  EXPECT_THAT(text, HasSubstr("too few replicates"));
}

TEST(ConvergenceText, OfFailuresOnlyIsStillText) {
  const std::string text = text_of(population_of(
      {{.parameters = 1000, .failure = 1.0}, {.parameters = 2000, .divergence = 1.0}}, 3));
  EXPECT_THAT(text, HasSubstr("unstable at every size trained"));
  EXPECT_THAT(text, HasSubstr("failed      6 runs"));
}

TEST(ConvergenceText, OfNothingSaysSo) {
  EXPECT_THAT(text_of({}), HasSubstr("No run is recorded yet"));
}

}  // namespace
}  // namespace minima::report
