#include "report/summary_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "approved.h"
#include "report/size_strip.h"
#include "report/text_table.h"
#include "small_store.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

analysis::DatasetAnswer answer_on(const std::string& dataset) {
  const auto row = [](const char* architecture, std::int64_t parameters, double accuracy) {
    return analysis::ArchitectureAnswer{.architecture = architecture,
                                        .family = "dnn",
                                        .parameters = parameters,
                                        .replicates = 3,
                                        .learned = 3,
                                        .accuracy_mean = accuracy};
  };
  return {.dataset = dataset,
          .test_count = 1000,
          .majority_share = 0.1,
          .runs_planned = 12,
          .runs_recorded = 12,
          .architectures = {row("dnn 2", 200, 0.811), row("dnn 4", 400, 0.831)},
          .best = 1,
          .smallest = 0};
}

SmallStore answered_store(const std::string& dataset = "digits") {
  SmallStore store = small_store(dataset);
  store.answer.datasets = {answer_on(dataset)};
  return store;
}

std::string summary_of(const SmallStore& store, const TextStyle& style = {}) {
  return summary_text({.answer = store.answer,
                       .population = store.population,
                       .convergence = store.convergence,
                       .compression = store.compression,
                       .findings = store.findings,
                       .store = "digits.minima",
                       .page = "digits.minima/report.html"},
                      style);
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(SummaryText, IsTheAnswerOnOneScreen) {
  const std::string text = summary_of(answered_store());
  expect_approved(text, "summary");
  EXPECT_LE(lines_of(text), kSummaryLines);
  EXPECT_LE(longest_line(text), 80U);
}

TEST(SummaryText, SaysNoSizeWhereNothingLearned) {
  SmallStore store = answered_store();
  for (auto& row : store.answer.datasets[0].architectures) row.learned = 0;
  const std::string text = summary_of(store);
  EXPECT_THAT(text, HasSubstr("No run learned"));
  EXPECT_THAT(text, Not(HasSubstr("P_min")));
}

TEST(SummaryText, StaysOnOneScreenHoweverManyDatasetsThereAre) {
  SmallStore store = answered_store();
  const analysis::SeriesConvergence series = store.convergence.series[0];
  const analysis::DatasetTradeOffs trade_offs = store.compression.trade_offs[0];
  for (int i = 2; i <= 30; ++i) {
    const std::string name = "digits " + std::to_string(i);
    store.answer.datasets.push_back(answer_on(name));
    store.convergence.series.push_back(series);
    store.convergence.series.back().dataset = name;
    store.compression.trade_offs.push_back(trade_offs);
    store.compression.trade_offs.back().dataset = name;
    const std::string text = summary_of(store);
    EXPECT_LE(lines_of(text), kSummaryLines) << i;
    EXPECT_THAT(text, HasSubstr("digits.minima/report.html")) << i;
  }
  EXPECT_THAT(summary_of(store), HasSubstr("datasets more"));
}

TEST(SummaryText, DrawsWithBlocksOnlyWhereTheyCanBeShown) {
  const SmallStore store = answered_store();
  EXPECT_THAT(summary_of(store, {.unicode = true}), HasSubstr("█"));
  const std::string ascii = summary_of(store);
  EXPECT_TRUE(std::ranges::all_of(ascii, [](char c) { return c >= 0; })) << ascii;
}

TEST(SummaryText, SaysHowFarAnUnfinishedStudyIs) {
  SmallStore store = answered_store();
  store.answer.datasets[0].runs_planned = 20;
  EXPECT_THAT(summary_of(store), HasSubstr("12 of 20 runs so far"));
  store.answer.datasets[0].architectures.clear();
  EXPECT_THAT(summary_of(store), HasSubstr("no run has been recorded yet"));
}

TEST(SummaryText, KeepsNamesFromOutsideOnOneLine) {
  const std::string text = summary_of(answered_store("a\nb" + std::string(300, 'x')));
  EXPECT_THAT(text, Not(HasSubstr("a\nb")));
  EXPECT_LE(lines_of(text), kSummaryLines);
}

TEST(SizeStrip, RisesWithAccuracyOnALogarithmicScaleOfTheError) {
  analysis::SeriesConvergence series;
  for (const auto& [parameters, accuracy] : {std::pair(10, 0.1), {100, 0.91}, {1000, 0.991}}) {
    series.minimal.levels.push_back({.parameters = parameters, .runs = 1, .mean = accuracy});
  }
  StripScale scale;
  scale.add(series);
  EXPECT_EQ(size_strip(series, scale, 5, false), ". + @") << "a tenth of the error is half the way";
  EXPECT_EQ(size_strip(series, scale, 5, true), "▁ ▅ █");
  EXPECT_EQ(display_width(size_strip(series, scale, 30, true)), 30U);
}

TEST(SizeStrip, OfOneSizeIsFullUnlessItOnlyGuesses) {
  analysis::SeriesConvergence series;
  series.minimal.levels.push_back({.parameters = 10, .runs = 1, .mean = 0.5});
  StripScale scale{.lowest = 0.1};
  scale.add(series);
  EXPECT_EQ(size_strip(series, scale, 3, false), "@  ");
  series.minimal.levels[0].mean = 0.1;
  StripScale guesses{.lowest = 0.1};
  guesses.add(series);
  EXPECT_EQ(size_strip(series, guesses, 3, false), ".  ");
}

}  // namespace
}  // namespace minima::report
