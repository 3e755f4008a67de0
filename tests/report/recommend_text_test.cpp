#include "report/recommend_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/compressed_population.h"
#include "core/characters.h"
#include "core/text.h"
#include "record/variant.h"
#include "report/text/text_table.h"

namespace minima::report {
namespace {

using testing::HasSubstr;
using testing::Not;

analysis::Recommendation recommended(const analysis::Demand& demand, int copies = 1) {
  analysis::Population population = analysis::one_dataset();
  for (int i = 0; i < copies; ++i) {
    for (const double noise : {-0.002, -0.001, 0.001, 0.002}) {
      analysis::add_compressed_run(population, "dnn 4", 0.9 + noise, 3190, 0.45);
      analysis::add_compressed_run(population, "dnn 8-8", 0.93 + noise, 6442, 0.65);
    }
  }
  return analysis::recommendations_of(population, demand).at(0);
}

std::optional<ChoiceExport> command(const analysis::Choice& choice) {
  const analysis::ChoiceRun& run = choice.runs.front();
  return ChoiceExport{"minima export STORE " + run.id, run};
}

std::string recommendation_text_of(const analysis::Demand& demand, int copies = 1) {
  return recommendation_text(recommended(demand, copies), command, {});
}

TEST(RecommendText, NamesTheNetworkAndItsEvidence) {
  const std::string text = recommendation_text_of({.accuracy = 0.92}, 10);
  EXPECT_THAT(text, HasSubstr("asked for   digits: accuracy 0.92 or better in at least 50 % of"));
  EXPECT_THAT(text,
              HasSubstr("smallest    `dnn 8-8`, 50 % sparse, int8: 0.925 +- 0.002, 40 of 40"));
  EXPECT_THAT(text, HasSubstr("made by     pruning by one-shot global magnitude; quantization by"));
  EXPECT_THAT(text, HasSubstr("it takes    3.2 KB, 6,442 parameters, 6,416 multiply-adds; no C"));
  EXPECT_THAT(text, HasSubstr("evidence    shown: with 95 % confidence, a new replicate reaches"));
  EXPECT_THAT(text, HasSubstr("export      minima export STORE "));
  EXPECT_THAT(text, HasSubstr("on the test images themselves"));
}

TEST(RecommendText, ReportsTooFewReplicates) {
  const std::string text = recommendation_text_of({.accuracy = 0.92});
  EXPECT_THAT(text,
              HasSubstr("evidence    not shown: 4 of 4 replicates at 0.92 or better, which may"));
  EXPECT_THAT(text, HasSubstr("would show it if 9 of them do"));
  EXPECT_THAT(text, HasSubstr("shown       no network; this needs at least 5 replicates"));
}

TEST(RecommendText, NamesTheSmallestShownNetworkBelowTheSmallest) {
  analysis::Population population = analysis::one_dataset();
  for (int i = 0; i < 5; ++i) {
    analysis::add_run(population, "dnn 16", 0.95, 4000);
    analysis::add_run(population, "cnn 2 max2", i < 3 ? 0.95 : 0.85, 500);
  }
  auto found = analysis::recommendations_of(population, {.accuracy = 0.9}).at(0);
  const std::string text = recommendation_text(found, command, {});
  EXPECT_THAT(text, HasSubstr("smallest    `cnn 2 max2`, fp32: 0.910 +- 0.055, 3 of 5"));
  EXPECT_THAT(text, HasSubstr("shown       `dnn 16`, fp32: 16 KB, 8 times as large; 5 of 5"));
  found.met.front().bytes /= 14.0;
  EXPECT_THAT(recommendation_text(found, command, {}), HasSubstr("16 KB, 112 times as large"));
}

// 950 of 1,000 by hand: (0.95 + 0.00192 +- 1.96 x sqrt(4.846e-5)) / 1.00384 = 0.9347, 0.9619.
TEST(RecommendText, GivesTheIntervalOfTheExportedNetwork) {
  analysis::Population population = analysis::one_dataset();
  analysis::add_run(population, "dnn 16", 0.95, 4000);
  const auto found = analysis::recommendations_of(population, {.accuracy = 0.9}).at(0);
  EXPECT_THAT(recommendation_text(found, command, {}),
              HasSubstr("exported    run 0: 0.950 on 1,000 test images, 95 % interval 0.935 to "
                        "0.962"));
}

TEST(RecommendText, NamesTheNearestIfNoNetworkMeetsTheDemand) {
  const std::string text = recommendation_text_of({.accuracy = 0.99});
  EXPECT_THAT(text, HasSubstr("meets the demand"));
  EXPECT_THAT(text, HasSubstr("nearest     `dnn 8-8`"));
  EXPECT_THAT(text, Not(HasSubstr("smallest  ")));
  EXPECT_EQ(nothing_text(recommended({.accuracy = 0.99})),
            "digits: no network of this store reaches 0.99 in at least 50 % of its replicates");
}

TEST(RecommendText, ReportsFirstADemandThatAConstantPredictionMeets) {
  analysis::Population population = analysis::one_dataset();
  population.datasets[0].majority_share = 0.95;
  population.datasets[0].class_names = {"healthy", "ill"};
  analysis::add_run(population, "dnn 1", 0.95).result.history = {
      {.epoch = 1, .predicted_classes = 1}};
  const auto found = analysis::recommendations_of(population, {.accuracy = 0.9}).at(0);
  const std::string text = recommendation_text(found, command, {});
  EXPECT_TRUE(text.starts_with("note        always predicting \"healthy\" reaches 0.950, so"))
      << text;
  EXPECT_THAT(text, HasSubstr("guesses     1 replicate at 0.9 or better, but no better than"));
}

TEST(RecommendText, ReportsWhichImagesWereUsedForTheChoice) {
  analysis::Population population = analysis::one_dataset();
  population.datasets[0].validation_count = 6000;
  for (const double noise : {-0.01, 0.01}) {
    analysis::add_run(population, "dnn 4", 0.9 + noise).result.validation_accuracy = 0.93;
  }
  const auto found = analysis::recommendations_of(population, {.accuracy = 0.9}).at(0);
  const std::string text = recommendation_text(found, command, {});
  EXPECT_THAT(
      text,
      HasSubstr("smallest    `dnn 4`, fp32: 0.900 +- 0.014 on test images, 1 of 2 replicates at"));
  EXPECT_THAT(text, HasSubstr("chosen      on 6,000 validation images: 0.930 +- 0.000,"));
  const Json json = recommendation_json(found, command);
  EXPECT_EQ(json["chosen_on"], "validation");
  EXPECT_EQ(json["met"][0]["met"], 2);
  EXPECT_EQ(json["met"][0]["test_met"], 1);
}

TEST(RecommendText, WarnsIfTestImagesContradictTheChoice) {
  analysis::Population population = analysis::one_dataset();
  population.datasets[0].validation_count = 6000;
  for (const double test : {0.89, 0.88, 0.91}) {
    analysis::add_run(population, "dnn 4", test).result.validation_accuracy = 0.93;
  }
  const auto text = [&] {
    return recommendation_text(analysis::recommendations_of(population, {.accuracy = 0.9}).at(0),
                               command, {});
  };
  EXPECT_THAT(text(),
              HasSubstr("note        the test images contradict this choice: there, fewer"));
  population.runs[1].result.test_accuracy = 0.92;
  EXPECT_THAT(text(), Not(HasSubstr("contradict")));
}

TEST(RecommendText, FitsIntoEightyColumns) {
  for (const double accuracy : {0.85, 0.92, 0.99}) {
    for (const std::string& line : split(recommendation_text_of({.accuracy = accuracy}), '\n')) {
      EXPECT_LE(display_width(line), 80U) << line;
    }
  }
}

TEST(RecommendText, AgreesWithTheJson) {
  const analysis::Recommendation found = recommended({.accuracy = 0.92}, 10);
  const Json json = recommendation_json(found, command);
  ASSERT_FALSE(json["met"].empty());
  EXPECT_EQ(json["met"][0]["architecture"], found.met[0].architecture);
  EXPECT_EQ(json["met"][0]["evidence"], "shown");
  EXPECT_EQ(json["met"][0]["met"], found.met[0].met);
  EXPECT_EQ(json["smallest_shown"]["bytes"], found.met[0].bytes);
  EXPECT_EQ(json["met"][0]["multiply_adds"], 784 * 8 + 8 * 8 + 8 * 10);
  EXPECT_TRUE(json["met"][0]["ram_bytes"].is_null()) << "floats";
  EXPECT_TRUE(json["met"][0]["exported"]["test_accuracy_low"].is_number());
  EXPECT_TRUE(json["nearest"].is_null());
  EXPECT_EQ(json["chosen_on"], "test");
}

TEST(RecommendText, DistinguishesIntegersFromFloats) {
  analysis::Choice choice{.architecture = "cnn 4",
                          .pruning = "p",
                          .sparsity = 0.7,
                          .format = study::NumberFormat::int4,
                          .bits = 4,
                          .activations = study::NumberFormat::int8,
                          .arithmetic = record::Arithmetic::integer};
  EXPECT_EQ(name_of(choice), "`cnn 4`, 70 % sparse, int4, integer arithmetic");
  choice.arithmetic = record::Arithmetic::simulated;
  EXPECT_EQ(name_of(choice), "`cnn 4`, 70 % sparse, int4, activations int8");
  choice.activations = {};
  EXPECT_EQ(name_of(choice), "`cnn 4`, 70 % sparse, int4");
}

}  // namespace
}  // namespace minima::report
