#include "report/sections/convergence_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "../analysis/simulated_population.h"
#include "core/characters.h"
#include "core/text.h"
#include "report/text/text_table.h"

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

std::string convergence_text_of(const analysis::Population& population) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return convergence_text(analysis::convergence_of(population, settings), population, {});
}

std::vector<analysis::SimulatedLevel> three_sizes() {
  return {{.parameters = 1000, .accuracy = 0.5, .sd = 0.05, .failure = 0.6},
          {.parameters = 10'000, .accuracy = 0.97, .sd = 0.002},
          {.parameters = 100'000, .accuracy = 0.975, .sd = 0.002, .gap = 0.02, .turned = 1.0}};
}

TEST(ConvergenceText, ReportsSizesRegimesAndFailures) {
  const std::string text = convergence_text_of(population_of(three_sizes(), 8));
  EXPECT_THAT(text, HasSubstr("planted, dnn: 24 runs"));
  EXPECT_THAT(text, HasSubstr("target      96."));
  EXPECT_THAT(text, HasSubstr("above 1,000; not reached"));
  EXPECT_THAT(text, HasSubstr("still rising"));
  EXPECT_THAT(text, HasSubstr("unstable below 10,000"));
  EXPECT_THAT(text, HasSubstr("100,000 [100,000, open]"));
  EXPECT_THAT(text, HasSubstr("none: fewer than four sizes"));
  EXPECT_THAT(text, HasSubstr("dnn 1 ("));
}

/// Eight sizes on a power law that is flat at its end.
std::vector<analysis::SimulatedLevel> flat_series() {
  std::vector<analysis::SimulatedLevel> levels;
  for (int i = 0; i < 8; ++i) {
    const double error = 0.3 * std::pow(1 << i, -1.5) + 0.02;
    levels.push_back({.parameters = 1000LL << i, .accuracy = 1 - error, .sd = 0.002});
  }
  return levels;
}

TEST(ConvergenceText, ReportsTheSmallestSufficientSizeTheCurveAndTheFront) {
  const std::string text = convergence_text_of(population_of(flat_series(), 8));
  EXPECT_THAT(text, HasSubstr("found"));
  EXPECT_THAT(text, HasSubstr("from this size on, within 1.00"));
  EXPECT_THAT(text, HasSubstr("error = 0."));
  EXPECT_THAT(text, HasSubstr("levels off at"));
  EXPECT_THAT(text, HasSubstr("front       architectures more accurate than every smaller one"));
}

TEST(ConvergenceText, FitsIntoEightyColumns) {
  for (const auto& levels : {three_sizes(), flat_series()}) {
    for (const std::string& line : split(convergence_text_of(population_of(levels, 8)), '\n')) {
      EXPECT_LE(display_width(line), 80U) << line;
    }
  }
}

TEST(ConvergenceText, ReportsWhatOneReplicateCannotShow) {
  EXPECT_THAT(convergence_text_of(population_of(three_sizes(), 1)),
              HasSubstr("one run per size: no answer"));
}

TEST(ConvergenceText, HandlesAStoreOfFailuresOnly) {
  const std::string text = convergence_text_of(population_of(
      {{.parameters = 1000, .failure = 1.0}, {.parameters = 2000, .divergence = 1.0}}, 3));
  EXPECT_THAT(text, HasSubstr("unstable at every trained size"));
  EXPECT_THAT(text, HasSubstr("target      none"));
  EXPECT_THAT(text, HasSubstr("failed      6 runs"));
}

TEST(ConvergenceText, ReportsAnEmptyStore) {
  EXPECT_THAT(convergence_text_of({}), HasSubstr("No run has been recorded yet"));
}

}  // namespace
}  // namespace minima::report
