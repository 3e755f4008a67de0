#include "analysis/highlights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compressed_population.h"
#include "planted_predictions.h"

namespace minima::analysis {
namespace {

DatasetHighlights highlights_in(const Population& population, const ImageOutcomes* outcomes) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 50;
  settings.permutations = 100;
  const Convergence convergence = convergence_of(population, settings);
  const Compression compression = compression_of(population, settings);
  const Findings findings = findings_of({population, convergence, compression, settings});
  const ImageOutcomes none = image_outcomes_of(population, {}, settings);
  const Headline headline = headline_of({.population = population,
                                         .convergence = convergence,
                                         .outcomes = outcomes == nullptr ? none : *outcomes,
                                         .findings = findings,
                                         .store = "a.minima"});
  return highlights_of({.convergence = convergence,
                        .compression = compression,
                        .population = population,
                        .headline = headline,
                        .outcomes = outcomes})
      .at(0);
}

/// Three architectures that can lose 20, 50 and 80 % of their weights; the largest is the best.
Population compressed() {
  Population population = one_dataset();
  for (int replicate = 0; replicate < 3; ++replicate) {
    add_compressed_run(population, "dnn 4", 0.92, 4'000, 0.2);
    add_compressed_run(population, "dnn 8", 0.93, 8'000, 0.5);
    add_compressed_run(population, "dnn 16", 0.95, 16'000, 0.8);
  }
  return population;
}

TEST(Highlights, HaveTheMedianRedundancyAndThatOfTheRecommendedNetwork) {
  const auto pruning = highlights_in(compressed(), nullptr).pruning;
  ASSERT_TRUE(pruning.has_value());
  EXPECT_EQ(pruning->protocol, kOneShot);
  EXPECT_EQ(pruning->architectures, 3);
  EXPECT_NEAR(pruning->median, 0.5, 0.02);
  ASSERT_TRUE(pruning->recommended.has_value());
  EXPECT_NEAR(pruning->recommended->mean, 0.8, 0.02);
}

TEST(Highlights, HaveTheFewestBitsThatAreEnoughForHalfOfTheArchitectures) {
  // int4 loses 2 points at 4,000 parameters, 1 at 8,000 and half a point at 16,000.
  const auto bits = highlights_in(compressed(), nullptr).quantization;
  ASSERT_TRUE(bits.has_value());
  EXPECT_EQ(bits->protocol, kPtq);
  EXPECT_EQ(bits->architectures, 3);
  EXPECT_EQ(bits->bits, 4);
  EXPECT_EQ(bits->enough, 2);
  EXPECT_EQ(bits->recommended, "int4");
}

TEST(Highlights, HaveTheBestNetworkOfEachBudget) {
  const DatasetHighlights highlights = highlights_in(compressed(), nullptr);
  ASSERT_FALSE(highlights.budgets.empty());
  double accuracy = 0.0;
  for (const BudgetHighlight& each : highlights.budgets) {
    EXPECT_LE(each.choice.bytes, each.budget);
    EXPECT_GT(each.choice.accuracy.mean, accuracy) << "more bytes are for more accuracy";
    accuracy = each.choice.accuracy.mean;
  }
}

TEST(Highlights, LeaveOutOfTheFrontWhatTestImagesContradict) {
  DatasetTradeOffs trade_offs{.dataset = "digits", .rows = {}};
  for (const auto& [bytes, accuracy, on_front] :
       {std::tuple(300.0, 0.9, true), {100.0, 0.8, true}, {200.0, 0.7, true}, {50.0, 0.5, false}}) {
    TradeOff& row = trade_offs.rows.emplace_back();
    row.bytes = bytes;
    row.accuracy.mean = accuracy;
    row.on_front = on_front;
  }
  std::vector<double> bytes;
  for (const TradeOff* row : rising_front(trade_offs)) bytes.push_back(row->bytes);
  EXPECT_THAT(bytes, testing::ElementsAre(100.0, 300.0));
}

TEST(Highlights, CountFailuresByTheirMostFrequentDiagnosis) {
  Population population = one_dataset();
  add_run(population, "dnn 32", 0.95, 3'000);
  add_run(population, "dnn 1", 0.1, 800);
  add_run(population, "dnn 2", 0.1, 1'600);
  const FailureHighlight failures = highlights_in(population, nullptr).failures;
  EXPECT_EQ(failures.runs, 3);
  EXPECT_EQ(failures.failed, 2);
  EXPECT_EQ(failures.of_reason, 2);
  EXPECT_EQ(failures.largest, 1'600);
}

TEST(Highlights, NameTheClassThatIsRecognisedWorst) {
  // Every error is an image of class 2 that is taken for class 0.
  PlantedPredictions planted("dnn 1", "dnn 2");
  const ImageOutcomes outcomes = image_outcomes_of(planted.population, planted.source(), {});
  const auto classes = highlights_in(planted.population, &outcomes).classes;
  ASSERT_TRUE(classes.has_value());
  EXPECT_EQ(classes->name, "two");
  EXPECT_EQ(classes->mistaken_for, "zero");
  EXPECT_NEAR(classes->mistaken_share, 1.0 - classes->accuracy.mean, 1e-9);
}

TEST(Highlights, AreEmptyWithoutCompression) {
  Population population = one_dataset();
  add_run(population, "dnn 32", 0.95, 3'000);
  const DatasetHighlights highlights = highlights_in(population, nullptr);
  EXPECT_FALSE(highlights.pruning || highlights.quantization || highlights.layers);
  EXPECT_TRUE(highlights.budgets.empty());
}

}  // namespace
}  // namespace minima::analysis
