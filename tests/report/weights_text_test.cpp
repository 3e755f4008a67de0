#include "report/sections/weights_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/planted_weights.h"
#include "approved.h"
#include "core/characters.h"
#include "core/text.h"
#include "report/text/text_table.h"
#include "support/not_empty.h"

namespace minima::report {
namespace {

using testing::HasSubstr;

study::AnalysisSettings quick() {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return settings;
}

std::string weights_text_of(const analysis::WeightedPopulation& all) {
  return weights_text(analysis::weights_in(all, quick()), {}) +
         projection_text(analysis::projection_in(all, quick()), {});
}

TEST(WeightsText, MatchesTheApprovedText) {
  const auto all = analysis::weighted_population();
  expect_approved(weights_text(analysis::weights_in(all, quick()), {}), "weights");
}

TEST(WeightsText, FitsIntoEightyColumns) {
  for (const std::string& line :
       not_empty(split(weights_text_of(analysis::weighted_population()), '\n'))) {
    EXPECT_LE(display_width(line), 80U) << line;
  }
}

TEST(WeightsText, ReportsThatNothingIsTestedForOneRun) {
  analysis::WeightedPopulation all;
  analysis::add_weighted_run(all, 0.9, {0.1, 0.1, 0.1});
  const std::string text = weights_text_of(all);
  EXPECT_THAT(text,
              HasSubstr("not compared: this needs runs of the group high, and runs of low or"));
  EXPECT_THAT(text, HasSubstr("not compared"));
  EXPECT_THAT(text, HasSubstr("weights of 1 run"));
}

TEST(WeightsText, IsEmptyForAnEmptyStore) {
  EXPECT_EQ(weights_text_of({}), "");
}

}  // namespace
}  // namespace minima::report
