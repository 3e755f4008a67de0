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

/// Eight architectures whose two tensors lose `fc1` and `fc2` of the accuracy if pruned alone.
Population with_tensors(double fc1, double fc2) {
  Population population = one_dataset();
  for (int i = 1; i <= 8; ++i) {
    const std::string id = add_run(population, "dnn " + std::to_string(i), 0.95, 1000 * i).id;
    for (const auto& [tensor, lost] : {std::pair("fc1.weight", fc1), {"fc2.weight", fc2}}) {
      record::Variant variant = pruned(0.5, 0.95 - lost, "one-shot one-layer magnitude");
      variant.tensor = tensor;
      variant.tensors = {{tensor, 100, 50}};
      add_variant(population, id, variant);
    }
  }
  return population;
}

TEST(Highlights, NameTheTensorThatIsMostSensitiveInAllArchitectures) {
  const auto layers = highlights_in(with_tensors(0.2, 0.1), nullptr).layers;
  ASSERT_TRUE(layers.has_value());
  EXPECT_EQ(layers->tensor, "fc1.weight");
  EXPECT_EQ(layers->most_sensitive, 8);
  EXPECT_NEAR(layers->p, 2.0 / 256, 1e-9);
}

TEST(Highlights, NameNoTensorIfAllAreEqual) {
  const auto layers = highlights_in(with_tensors(0.0, 0.0), nullptr).layers;
  ASSERT_TRUE(layers.has_value());
  EXPECT_EQ(layers->architectures, 8);
  EXPECT_EQ(layers->tensor, "");
  EXPECT_EQ(layers->p, 1.0);
}

TEST(Highlights, OfALeadThatChanceExplainsAreNotSignificant) {
  Population population = with_tensors(0.2, 0.1);
  for (auto& row : population.variants) {  // in three architectures it is the other way round
    const bool swapped = row.run_id == population.runs[0].id ||
                         row.run_id == population.runs[1].id || row.run_id == population.runs[2].id;
    if (swapped) row.variant.test_accuracy = 1.6 - row.variant.test_accuracy;
  }
  const auto layers = highlights_in(population, nullptr).layers;
  EXPECT_EQ(layers->most_sensitive, 5);
  EXPECT_GT(layers->p, 0.05);
}

/// All runs get these images wrong.
bool worst_class_is_clear(const std::vector<std::size_t>& wrong) {
  PlantedPredictions planted("dnn 1", "dnn 2");
  for (auto& [run, predictions] : planted.predictions) {
    predictions.test = planted.labels;
    for (const std::size_t image : wrong) predictions.test[image] = 3;
  }
  const ImageOutcomes outcomes = image_outcomes_of(planted.population, planted.source(), {});
  return highlights_in(planted.population, &outcomes).classes.value().is_clear;
}

TEST(Highlights, TheWorstOfEqualClassesIsNotClearlyTheWorst) {
  // Classes 0, 1 and 2 begin at images 0, 40 and 70.
  EXPECT_FALSE(worst_class_is_clear({0, 40, 70, 71}));
  EXPECT_TRUE(worst_class_is_clear({70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84}));
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
