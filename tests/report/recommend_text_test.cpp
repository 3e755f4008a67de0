#include "report/recommend_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../analysis/compressed_population.h"
#include "core/text.h"
#include "report/text_table.h"

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

std::string command(const analysis::Choice& choice) {
  return "minima export STORE " + choice.run_ids.front();
}

std::string text_of(const analysis::Demand& demand, int copies = 1) {
  return recommendation_text(recommended(demand, copies), command, {});
}

TEST(RecommendText, SaysWhatToUseAndWhatShowsIt) {
  const std::string text = text_of({.accuracy = 0.92}, 10);
  EXPECT_THAT(text, HasSubstr("use         `dnn 8-8`"));
  EXPECT_THAT(text, HasSubstr("evidence    shown: a replicate reaches it with a probability of"));
  EXPECT_THAT(text, HasSubstr("it beat     `dnn 8-8`"));
  EXPECT_THAT(text, HasSubstr("export      minima export STORE "));
  EXPECT_THAT(text, HasSubstr("for want of a validation split"));
}

TEST(RecommendText, SaysWhereReplicatesAreTooFew) {
  EXPECT_THAT(text_of({.accuracy = 0.92}), HasSubstr("not shown: with 95 % confidence"));
}

TEST(RecommendText, NamesTheNearestWhereNothingMeetsTheDemand) {
  const std::string text = text_of({.accuracy = 0.99});
  EXPECT_THAT(text, HasSubstr("meets the demand"));
  EXPECT_THAT(text, HasSubstr("nearest     `dnn 8-8`"));
  EXPECT_THAT(text, Not(HasSubstr("use  ")));
}

TEST(RecommendText, BeginsWithTheSentenceThatTheUserCameFor) {
  const std::string text = text_of({.accuracy = 0.92});
  EXPECT_TRUE(text.starts_with("use         `dnn 8-8`, 50 % sparse, int8: 0.925 +- 0.002, 4 of 4"))
      << text;
}

TEST(RecommendText, SaysWhichImagesChose) {
  EXPECT_THAT(text_of({.accuracy = 0.92}), HasSubstr("chosen      on test data, for want of"));
  analysis::Population population = analysis::one_dataset();
  population.datasets[0].validation_count = 6000;
  for (const double noise : {-0.01, 0.01}) {
    analysis::add_run(population, "dnn 4", 0.9 + noise).result.validation_accuracy = 0.93;
  }
  const auto found = analysis::recommendations_of(population, {.accuracy = 0.9}).at(0);
  const std::string text = recommendation_text(found, command, {});
  EXPECT_THAT(text, HasSubstr("use         `dnn 4`, fp32: 0.900 +- 0.014, 1 of 2 replicates at"));
  EXPECT_THAT(text,
              HasSubstr("chosen      on the validation split (6,000 images): 0.930 +- 0.000,"));
  const Json json = recommendation_json(found, command);
  EXPECT_EQ(json["chosen_on"], "validation");
  EXPECT_EQ(json["met"][0]["met"], 2);
  EXPECT_EQ(json["met"][0]["test_met"], 1);
}

TEST(RecommendText, FitsIntoEightyColumns) {
  for (const double accuracy : {0.85, 0.92, 0.99}) {
    for (const std::string& line : split(text_of({.accuracy = accuracy}), '\n')) {
      EXPECT_LE(display_width(line), 80U) << line;
    }
  }
}

TEST(RecommendText, IsTheSameInJson) {
  const analysis::Recommendation found = recommended({.accuracy = 0.92}, 10);
  const Json json = recommendation_json(found, command);
  ASSERT_FALSE(json["met"].empty());
  EXPECT_EQ(json["met"][0]["architecture"], found.met[0].architecture);
  EXPECT_EQ(json["met"][0]["evidence"], "shown");
  EXPECT_EQ(json["met"][0]["met"], found.met[0].met);
  EXPECT_TRUE(json["nearest"].is_null());
  EXPECT_EQ(json["chosen_on"], "test");
}

TEST(RecommendText, TellsIntegersFromFloats) {
  analysis::Choice choice{.architecture = "cnn 4",
                          .pruning = "p",
                          .sparsity = 0.7,
                          .format = "int4",
                          .bits = 4,
                          .activations = "int8",
                          .arithmetic = "integer"};
  EXPECT_EQ(name_of(choice), "`cnn 4`, 70 % sparse, int4 in integers");
  choice.arithmetic = "simulated";
  EXPECT_EQ(name_of(choice), "`cnn 4`, 70 % sparse, int4, activations int8");
  choice.activations = "fp32";
  EXPECT_EQ(name_of(choice), "`cnn 4`, 70 % sparse, int4");
}

}  // namespace
}  // namespace minima::report
