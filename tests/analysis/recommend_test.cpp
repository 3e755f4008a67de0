#include "analysis/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "core/random.h"
#include "planted_variants.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// What is true of the replicates of a choice: each meets an accuracy of 0.9 with this probability.
struct Planted {
  std::string format;
  int bits = 32;
  double probability = 0.0;
};

/// Replicates of one architecture, their formats independent of each other.
void add_replicates(Population& population, const std::string& architecture,
                    std::int64_t parameters, const std::vector<Planted>& planted, int replicates,
                    std::uint64_t seed) {
  RandomStream random(seed, static_cast<std::uint64_t>(parameters), Purpose::bootstrap);
  const auto draw = [&random](double probability) {
    return random.uniform() < probability ? 0.92 : 0.88;
  };
  for (int i = 0; i < replicates; ++i) {
    std::string id;
    for (const Planted& each : planted) {
      const double accuracy = draw(each.probability);
      if (id.empty()) {
        id = add_run(population, architecture, accuracy, parameters).id;
        continue;
      }
      store::Variant variant = quantized(each.format, each.bits, accuracy);
      variant.bytes.packed = parameters * each.bits / 8;
      add_variant(population, id, std::move(variant));
    }
  }
}

Population with_accuracies(const std::vector<double>& accuracies) {
  Population population = one_dataset();
  for (const double accuracy : accuracies) add_run(population, "dnn 4", accuracy);
  return population;
}

Recommendation only(const Population& population, const Demand& demand) {
  const auto all = recommendations_of(population, demand);
  EXPECT_THAT(all, SizeIs(1));
  return all.at(0);
}

TEST(Recommend, FindsThePlantedOptimum) {
  Population population = one_dataset();
  const std::vector<Planted> small = {{"fp32", 32, 0.3}, {"int8", 8, 0.3}, {"int4", 4, 0.1}};
  const std::vector<Planted> large = {
      {"fp32", 32, 0.99}, {"int8", 8, 0.99}, {"int4", 4, 0.98}, {"int2", 2, 0.2}};
  add_replicates(population, "dnn 4", 1000, small, 100, 1);
  add_replicates(population, "dnn 16", 4000, large, 100, 1);
  const Recommendation found = only(population, {.accuracy = 0.9, .reliability = 0.85});
  ASSERT_THAT(found.met, SizeIs(3));
  EXPECT_EQ(found.met[0].architecture, "dnn 16");
  EXPECT_EQ(found.met[0].format, "int4");
  EXPECT_EQ(found.met[0].evidence, Evidence::shown);
  EXPECT_EQ(found.met[0].bytes, 2000.0);
  EXPECT_EQ(found.met[1].format, "int8");
  EXPECT_EQ(found.met[2].format, "fp32");
  ASSERT_TRUE(found.beyond);
  EXPECT_EQ(found.beyond->bytes, 1000.0) << "dnn 4 in int8 or dnn 16 in int2";
}

// Every choice misses by a little; whichever is called shown is so in error.
TEST(Recommend, ShowsNothingThatMissesTheDemand) {
  constexpr int kSimulations = 400;
  int wrong = 0;
  int wrong_alone = 0;
  for (int seed = 0; seed < kSimulations; ++seed) {
    Population population = one_dataset();
    const std::vector<Planted> misses = {
        {"fp32", 32, 0.69}, {"int8", 8, 0.69}, {"int6", 6, 0.69}, {"int4", 4, 0.69}};
    for (const std::int64_t parameters : {1000, 2000, 4000}) {
      add_replicates(population, "dnn " + std::to_string(parameters), parameters, misses, 30,
                     static_cast<std::uint64_t>(seed));
    }
    const Recommendation found = only(population, {.accuracy = 0.9, .reliability = 0.7});
    const auto is = [&found](Evidence evidence) {
      return !found.met.empty() && found.met[0].evidence == evidence;
    };
    wrong += is(Evidence::shown);
    wrong_alone += is(Evidence::shown) || is(Evidence::shown_alone);
  }
  RecordProperty("wrong", wrong);
  RecordProperty("wrong_alone", wrong_alone);
  // 5 % of 400, and three standard deviations.
  EXPECT_LE(wrong, 20 + 13);
  EXPECT_GT(wrong_alone, 60) << "why the smallest of many needs more evidence than one alone";
}

TEST(Recommend, GivesTheLimitsOfClopperAndPearson) {
  // 9 of 10: 0.6058 at 95 %, one-sided (e.g. R, binom.test(9, 10, alternative = "greater")).
  const Recommendation found =
      only(with_accuracies({.98, .98, .98, .98, .98, .98, .98, .98, .98, .9}),
           {.accuracy = 0.97, .reliability = 0.6});
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].met, 9);
  EXPECT_EQ(found.met[0].replicates, 10);
  EXPECT_NEAR(found.met[0].least_share, 0.6058, 5e-5);
  EXPECT_EQ(found.met[0].evidence, Evidence::shown) << "the only choice there is";
}

TEST(Recommend, SaysWhereTooFewReplicatesShowNothing) {
  const Demand demand{.accuracy = 0.97, .reliability = 0.9};
  const Recommendation found = only(with_accuracies({0.98, 0.98, 0.98}), demand);
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].evidence, Evidence::observed);
  EXPECT_NEAR(found.met[0].least_share, std::cbrt(0.05), 1e-9);
  EXPECT_EQ(replicates_to_show(demand, 1), 29);                                 // 0.9^29 = 0.047
  EXPECT_EQ(replicates_to_show({.accuracy = 0.97, .reliability = 0.5}, 1), 5);  // 0.5^5 = 0.03
}

TEST(Recommend, CountsARunThatDivergedAsAMissOfEverythingMadeOfItsArchitecture) {
  Population population = with_accuracies({0.98, 0.98});
  add_variant(population, "0", quantized("int8", 8, 0.98));
  add_variant(population, "1", quantized("int8", 8, 0.98));
  store::RunRow& run = add_run(population, "dnn 4", std::nan(""));
  run.result.status = study::RunStatus::diverged;
  const Recommendation found = only(population, {.accuracy = 0.97});
  ASSERT_THAT(found.met, SizeIs(2));
  for (const Choice& choice : found.met) {
    EXPECT_EQ(choice.replicates, 3);
    EXPECT_EQ(choice.met, 2);
    EXPECT_EQ(choice.accuracy.runs, 2);
  }
}

TEST(Recommend, KeepsToTheLimits) {
  Population population = one_dataset();
  add_replicates(population, "dnn 16", 4000, {{"fp32", 32, 1.0}, {"int8", 8, 1.0}}, 5, 1);
  EXPECT_EQ(only(population, {.accuracy = 0.9, .max_bytes = 4000.0}).met.at(0).format, "int8");
  const Recommendation none = only(population, {.accuracy = 0.9, .max_bytes = 3999.0});
  EXPECT_THAT(none.met, IsEmpty());
  EXPECT_EQ(none.too_large, 2);
  ASSERT_TRUE(none.nearest) << "what there is, though it is too large";
  EXPECT_THAT(only(population, {.accuracy = 0.9, .max_parameters = 3999}).met, IsEmpty());
}

TEST(Recommend, NamesTheNearestWhereNothingMeetsTheDemand) {
  Population population = one_dataset();
  add_replicates(population, "dnn 4", 1000, {{"fp32", 32, 0.0}, {"int8", 8, 0.0}}, 4, 1);
  add_run(population, "dnn 16", 0.96, 4000);
  const Recommendation found = only(population, {.accuracy = 0.99});
  EXPECT_THAT(found.met, IsEmpty());
  ASSERT_TRUE(found.nearest);
  EXPECT_EQ(found.nearest->architecture, "dnn 16");
}

TEST(Recommend, TakesTheRunInTheMiddleOfThoseThatMetTheDemand) {
  const Recommendation found =
      only(with_accuracies({0.90, 0.971, 0.975, 0.973, 0.98, 0.9}), {.accuracy = 0.97});
  // Sorted: runs 1 (0.971), 3, 2, 4.
  EXPECT_THAT(found.met.at(0).run_ids, ElementsAre("3", "2", "1", "4"));
}

TEST(Recommend, LeavesNetworksOfWhichOneTensorWasCompressedOut) {
  Population population = with_accuracies({0.98});
  store::Variant one = quantized("int2", 2, 0.98);
  one.tensor = "fc1.weight";
  add_variant(population, "0", one);
  EXPECT_EQ(only(population, {.accuracy = 0.9}).choices, 1);
}

Population with_validation() {
  Population population = one_dataset();
  population.datasets[0].validation_count = 600;
  return population;
}

void add_validated_run(Population& population, const std::string& architecture,
                       std::int64_t parameters, double validation, double test) {
  add_run(population, architecture, test, parameters).result.validation_accuracy = validation;
}

TEST(Recommend, ChoosesByValidationImagesAndJudgesByTestImages) {
  Population population = with_validation();
  for (const double test : {0.89, 0.92}) {
    add_validated_run(population, "dnn 4", 1000, 0.88,
                      0.95);  // by test images it would be the choice
    add_validated_run(population, "dnn 16", 4000, 0.91, test);
  }
  store::Variant variant = quantized("int8", 8, 0.5);
  variant.validation_accuracy = 0.93;
  variant.bytes.packed = 3000;
  add_variant(population, "1", variant);
  add_variant(population, "3", variant);
  const Recommendation found = only(population, {.accuracy = 0.9});
  EXPECT_EQ(found.validation_images, 600);
  ASSERT_THAT(found.met, SizeIs(2));
  EXPECT_EQ(found.met[0].format, "int8");
  EXPECT_EQ(found.met[0].met, 2);
  EXPECT_EQ(found.met[0].test.met, 0) << "and that is said, not acted upon";
  EXPECT_EQ(found.met[1].architecture, "dnn 16");
  EXPECT_NEAR(found.met[1].accuracy.mean, 0.91, 1e-12);
  EXPECT_EQ(found.met[1].test.met, 1);
  EXPECT_NEAR(found.met[1].test.accuracy.mean, 0.905, 1e-12);
}

TEST(Recommend, ByTestImagesHasTheirFiguresTwice) {
  const Recommendation found = only(with_accuracies({0.98, 0.96}), {.accuracy = 0.97});
  EXPECT_EQ(found.validation_images, 0);
  EXPECT_EQ(found.met.at(0).test.met, found.met[0].met);
  EXPECT_EQ(found.met[0].test.accuracy.mean, found.met[0].accuracy.mean);
}

/// Test accuracies of what is chosen among networks that are all accurate to 0.88, with images
/// that say so give or take 0.02.
Moments accuracies_of_lucky_choices(bool has_validation) {
  Moments chosen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomStream random(seed, 0, Purpose::bootstrap);
    Population population = has_validation ? with_validation() : one_dataset();
    for (int network = 1; network <= 60; ++network) {
      const double validation = 0.88 + 0.02 * random.normal();
      const double test = 0.88 + 0.02 * random.normal();
      add_validated_run(population, "dnn " + std::to_string(network), 100 * network,
                        has_validation ? validation : std::nan(""), test);
    }
    const Recommendation found = only(population, {.accuracy = 0.91});
    if (!found.met.empty()) chosen.add(found.met[0].test.accuracy.mean);
  }
  return chosen;
}

TEST(Recommend, GivesTestFiguresThatTheChoiceByValidationImagesDidNotSway) {
  const Moments by_validation = accuracies_of_lucky_choices(true);
  const Moments by_test = accuracies_of_lucky_choices(false);
  ASSERT_GT(by_validation.count(), 200);
  const double error =
      by_validation.sample_sd() / std::sqrt(static_cast<double>(by_validation.count()));
  EXPECT_NEAR(by_validation.mean(), 0.88, 3.0 * error);
  EXPECT_GT(by_test.mean(), 0.91) << "which is what a validation split is for";
}

TEST(Recommend, RefusesACertainty) {
  EXPECT_THROW((void)recommendations_of(one_dataset(), {.accuracy = 0.9, .reliability = 1.0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace minima::analysis
