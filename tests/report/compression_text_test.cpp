#include "report/sections/compression_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/compressed_population.h"
#include "approved.h"
#include "core/characters.h"
#include "core/text.h"
#include "report/text/text_table.h"
#include "support/not_empty.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string compression_text_of(const analysis::Population& population,
                                const TextStyle& style = {}) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  return compression_text(analysis::compression_of(population, settings), population, style);
}

TEST(CompressionText, MatchesTheApprovedText) {
  expect_approved(compression_text_of(analysis::compressed_population()), "compression");
}

TEST(CompressionText, FitsIntoEightyColumns) {
  for (const std::string& line :
       not_empty(split(compression_text_of(analysis::compressed_population()), '\n'))) {
    EXPECT_LE(display_width(line), 80U) << line;
  }
}

TEST(CompressionText, CountsTheRowsThatItLeavesOut) {
  const std::string text = compression_text_of(analysis::compressed_population(), {.most_rows = 2});
  EXPECT_THAT(text, HasSubstr("... and 1 more in the table pruning_redundancy"));
  EXPECT_THAT(text, HasSubstr("... and 1 more in the table quantization_formats"));
  EXPECT_THAT(text, HasSubstr("more in the table trade_offs"));
}

TEST(CompressionText, HasNoIntervalsAndNoCertainFormatForOneRun) {
  analysis::Population population = analysis::one_dataset();
  analysis::add_pruned_run(population, "dnn 8", 0.9, {0.5}, [](double) { return 0.9; });
  analysis::add_variant(population, population.runs[0].id, analysis::quantized("int8", 8, 0.9));
  const std::string text = compression_text_of(population);
  EXPECT_THAT(text, HasSubstr(">= 50.0")) << "a lower bound";
  EXPECT_THAT(text, Not(HasSubstr("[")));
  EXPECT_THAT(text, HasSubstr("int8"));
}

TEST(CompressionText, ReportsThatRedundancyIsTheSameAtAllDepths) {
  analysis::Population population = analysis::one_dataset();
  for (const char* architecture : {"dnn 8", "dnn 8-8", "dnn 8-8-8"}) {
    analysis::add_pruned_run(population, architecture, 0.9, {0.5}, [](double) { return 0.9; });
  }
  EXPECT_THAT(compression_text_of(population), HasSubstr("redundancy is the same at all depths"));
}

TEST(CompressionText, DoesNotCompareDepthsThatAreNotStable) {
  analysis::Population population = analysis::one_dataset();
  analysis::add_pruned_run(population, "dnn 8", 0.9, {0.5}, [](double) { return 0.9; });
  analysis::add_pruned_run(population, "dnn 1-1", 0.2, {0.5}, [](double) { return 0.2; });
  EXPECT_THAT(compression_text_of(population),
              HasSubstr("fewer than two depths have stable networks"));
}

TEST(CompressionText, LeavesTheVerdictOnDepthAndSizeToTheFindings) {
  analysis::Population population = analysis::one_dataset();
  for (int width = 8; width < 13; ++width) {
    std::string architecture = "dnn " + std::to_string(width);
    for (int depth = 1; depth < 4; ++depth) {
      analysis::add_pruned_run(population, architecture, 0.9, {0.3, 0.9},
                               analysis::line_through(0.2 * depth + 0.001 * width, 0.9),
                               1000 * width * depth);
      analysis::add_variant(population, population.runs.back().id,
                            analysis::quantized("int4", 4, 0.9 - 0.05 / width));
      architecture += "-" + std::to_string(width);
    }
  }
  const std::string text = compression_text_of(population);
  EXPECT_THAT(text, HasSubstr("15 stable architectures: redundancy against depth, rank"));
  EXPECT_THAT(text, HasSubstr("lost skill against parameters, rank correlation: int4"));
  EXPECT_THAT(text, Not(HasSubstr("tolerate more pruning")));
  EXPECT_THAT(text, Not(HasSubstr("lose more of their skill")));
}

TEST(CompressionText, ReportsThatNoRunLearned) {
  analysis::Population population = analysis::one_dataset();
  analysis::add_pruned_run(population, "dnn 8", 0.1, {0.5}, [](double) { return 0.1; });
  EXPECT_THAT(compression_text_of(population), HasSubstr("No run that learned"));
}

TEST(CompressionText, IsEmptyWithoutVariants) {
  analysis::Population population = analysis::one_dataset();
  analysis::add_run(population, "dnn 8", 0.9);
  EXPECT_EQ(compression_text_of(population), "");
}

}  // namespace
}  // namespace minima::report
