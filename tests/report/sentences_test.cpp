// The sentences that open the sections of the page, also for odd populations.
#include "report/page/sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/text/style.h"
#include "small_store.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

analysis::DatasetHighlights highlights_in(const SmallStore& store) {
  return analysis::highlights_of({.convergence = store.convergence,
                                  .compression = store.compression,
                                  .population = store.population,
                                  .headline = store.headline,
                                  .outcomes = &store.outcomes})
      .at(0);
}

/// Every sentence about a dataset.
std::vector<std::string> sentences_of(const SmallStore& store) {
  const analysis::DatasetHeadline& headline = store.headline.datasets.at(0);
  const analysis::DatasetHighlights highlights = highlights_in(store);
  return {answer_sentence(headline),
          size_sentence(headline),
          training_sentence(highlights),
          network_sentence(headline),
          class_sentence(highlights),
          pruning_sentence(highlights, 0.01),
          quantization_sentence(highlights, 0.01),
          trade_off_sentence(highlights),
          layer_sentence(highlights),
          weight_sentence(store.findings),
          papers_sentence(store.findings)};
}

void expect_whole(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) {
    EXPECT_TRUE(sentence.ends_with(".")) << sentence;
    EXPECT_THAT(sentence, Not(HasSubstr("nan"))) << sentence;
    EXPECT_THAT(sentence, Not(HasSubstr("  "))) << sentence;
    EXPECT_THAT(sentence, Not(HasSubstr(", ."))) << sentence;
  }
}

TEST(Sentences, AreWholeForAStoreWithAllKindsOfResults) {
  expect_whole(sentences_of(small_store()));
}

TEST(Sentences, GiveTheAnswerWithItsUncertainty) {
  const SmallStore store = small_store();
  const analysis::DatasetHeadline& dataset = store.headline.datasets.at(0);
  EXPECT_THAT(answer_sentence(dataset),
              MatchesRegex("dnn [0-9]+, with [0-9,]+ parameters, classifies [0-9.]+ % "
                           "\\[[0-9.]+, [0-9.]+\\] of new images correctly; 3 of 3 runs reach "
                           "the target of [0-9.]+ %\\."));
  EXPECT_THAT(certainty_sentence(dataset, 0.95), HasSubstr("Not shown: 3 runs cannot show"));
}

TEST(Sentences, NameWhatWasFound) {
  const analysis::DatasetHighlights highlights = highlights_in(small_store());
  EXPECT_EQ(training_sentence(highlights),
            "3 of 12 runs failed; the diagnosis of each is \"too slow\". The largest network that "
            "failed has 100 parameters.");
  EXPECT_THAT(pruning_sentence(highlights, 0.01),
              MatchesRegex("Half of 3 architectures can lose [0-9]+ % of their weights or more for "
                           "at most 1 point of accuracy.*\\(one-shot global magnitude\\)\\."));
  EXPECT_THAT(quantization_sentence(highlights, 0.01),
              HasSubstr("8 bits are enough for 3 of 3 architectures"));
}

TEST(Sentences, SayWhatMayBeChance) {
  analysis::DatasetHighlights highlights;
  highlights.layers = {.tensor = "fc1.weight", .architectures = 8, .most_sensitive = 8, .p = 0.008};
  EXPECT_EQ(layer_sentence(highlights),
            "fc1.weight is the most sensitive tensor of 8 of 8 architectures (pruned alone).");
  highlights.layers->most_sensitive = 5;
  highlights.layers->p = 0.7;
  EXPECT_EQ(layer_sentence(highlights),
            "fc1.weight is the most sensitive tensor of 5 of 8 architectures (pruned alone), which "
            "may be chance.");
  highlights.layers->tensor = "";
  EXPECT_EQ(layer_sentence(highlights),
            "No tensor stands out: pruned alone, the most sensitive ones are equal.");
  highlights.classes = {.architecture = "dnn 8", .name = "3", .accuracy = {0.9, 0.8, 0.97}};
  EXPECT_EQ(class_sentence(highlights),
            "dnn 8 recognises \"3\" worst: 90.0 % [80.0, 97.0], which may be chance.");
  highlights.classes->is_clear = true;
  EXPECT_EQ(class_sentence(highlights), "dnn 8 recognises \"3\" worst: 90.0 % [80.0, 97.0].");
}

TEST(Sentences, AreWholeForOneRun) {
  analysis::Population population = small_population(2, "digits");
  population.runs.erase(population.runs.begin(), population.runs.end() - 1);
  const SmallStore store = store_of(population);
  expect_whole(sentences_of(store));
  EXPECT_EQ(training_sentence(highlights_in(store)), "The only run learned.");
}

TEST(Sentences, AreWholeIfAllRunsFailed) {
  analysis::Population population = small_population(1, "digits");
  const SmallStore store = store_of(population);
  const auto sentences = sentences_of(store);
  expect_whole(sentences);
  EXPECT_THAT(sentences[0], HasSubstr("No answer: "));
  EXPECT_THAT(sentences[2], HasSubstr("All 3 runs failed"));
}

TEST(Sentences, AreWholeForOneSizeAndWithoutCompression) {
  analysis::Population population = small_population(2, "digits");
  population.runs.erase(population.runs.begin(), population.runs.begin() + 3);
  const auto sentences = sentences_of(store_of(population));
  expect_whole(sentences);
  EXPECT_THAT(sentences[1], HasSubstr("No series of architectures has several sizes"));
  EXPECT_EQ(sentences[5], "Nothing was pruned on this dataset.");
}

TEST(Sentences, AreWholeBeforeTheFirstRun) {
  analysis::Population population = small_population(2, "digits");
  for (auto& run : population.runs) run.result = {};
  const auto sentences = sentences_of(store_of(population));
  expect_whole(sentences);
  EXPECT_EQ(sentences[0], "No run has been recorded yet.");
}

TEST(DatasetLabel, IsTheFirstWordUnlessTwoDatasetsShareIt) {
  EXPECT_EQ(dataset_label("glyphs train=4000", {"glyphs train=4000", "mnist"}), "glyphs");
  EXPECT_EQ(dataset_label("glyphs train=4000", {"glyphs train=4000", "glyphs"}),
            "glyphs train=4000");
}

}  // namespace
}  // namespace minima::report
