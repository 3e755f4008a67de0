#include "analysis/recommend/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "core/numbers/random.h"
#include "planted_variants.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The truth about the replicates of a choice: each reaches an accuracy of 0.9 with this
/// probability.
struct PlantedFormat {
  std::string format;
  int bits = 32;
  double probability = 0.0;
};

/// Adds replicates of one architecture, with independent formats.
void add_replicates(Population& population, const std::string& architecture,
                    std::int64_t parameters, const std::vector<PlantedFormat>& planted,
                    int replicates, std::uint64_t seed) {
  RandomStream random(seed, static_cast<std::uint64_t>(parameters), Purpose::bootstrap);
  const auto draw = [&random](double probability) {
    return random.uniform() < probability ? 0.92 : 0.88;
  };
  for (int i = 0; i < replicates; ++i) {
    std::string id;
    for (const PlantedFormat& each : planted) {
      const double accuracy = draw(each.probability);
      if (id.empty()) {
        id = add_run(population, architecture, accuracy, parameters).id;
        continue;
      }
      record::Variant variant = quantized(each.format, each.bits, accuracy);
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
  const std::vector<PlantedFormat> small = {{"fp32", 32, 0.3}, {"int8", 8, 0.3}, {"int4", 4, 0.1}};
  const std::vector<PlantedFormat> large = {
      {"fp32", 32, 0.99}, {"int8", 8, 0.99}, {"int4", 4, 0.98}, {"int2", 2, 0.2}};
  add_replicates(population, "dnn 4", 1000, small, 100, 1);
  add_replicates(population, "dnn 16", 4000, large, 100, 1);
  const Recommendation found = only(population, {.accuracy = 0.9, .reliability = 0.85});
  ASSERT_THAT(found.met, SizeIs(3));
  EXPECT_EQ(found.met[0].architecture, "dnn 16");
  EXPECT_EQ(found.met[0].format.name(), "int4");
  EXPECT_EQ(found.met[0].evidence, ChoiceEvidence::shown);
  EXPECT_EQ(found.met[0].bytes, 2000.0);
  EXPECT_EQ(found.met[1].format.name(), "int8");
  EXPECT_EQ(found.met[2].format.name(), "fp32");
  EXPECT_EQ(found.smallest_shown(), &found.met[0]);
  ASSERT_TRUE(found.beyond);
  EXPECT_EQ(found.beyond->bytes, 1000.0) << "dnn 4 in int8 or dnn 16 in int2";
}

TEST(Recommend, NamesTheSmallestFirstWhateverItsEvidence) {
  Population population = one_dataset();
  for (int i = 0; i < 5; ++i) {
    add_run(population, "dnn 16", 0.95, 4000);
    add_run(population, "cnn 2 max2", i < 3 ? 0.95 : 0.85, 500);
  }
  const Recommendation found = only(population, {.accuracy = 0.9});
  ASSERT_THAT(found.met, SizeIs(2));
  EXPECT_EQ(found.met[0].architecture, "cnn 2 max2") << "3 of 5";
  EXPECT_EQ(found.met[0].evidence, ChoiceEvidence::observed);
  EXPECT_EQ(found.met[1].evidence, ChoiceEvidence::shown) << "5 of 5: 0.5^5 = 0.03";
  EXPECT_EQ(found.smallest_shown(), &found.met[1]);
}

// 5 replicates suffice for one sequence. It has the mildest compression of the pattern with the
// largest network, and it ends at the first network that fails.
TEST(Recommend, StopsASequenceAtTheFirstNetworkThatFails) {
  Population population = one_dataset();
  const std::vector<std::pair<int, double>> widths = {{32, 0.95}, {16, 0.95}, {8, 0.85}, {4, 0.95}};
  for (const auto& [width, accuracy] : widths) {
    for (int i = 0; i < 5; ++i) {
      const std::string name = "dnn " + std::to_string(width);
      const std::string id = add_run(population, name, accuracy, 100 * width).id;
      record::Variant variant = quantized("int8", 8, accuracy);
      variant.arithmetic = record::Arithmetic::integer;
      variant.activations = study::NumberFormat::int8;
      variant.bytes.packed = 100 * width;
      add_variant(population, id, variant);
    }
  }
  const Recommendation found = only(population, {.accuracy = 0.9});
  EXPECT_EQ(found.sequences, 2);
  EXPECT_EQ(found.tested_sequences, 1);
  ASSERT_NE(found.smallest_shown(), nullptr);
  EXPECT_EQ(found.smallest_shown()->architecture, "dnn 16");
  EXPECT_EQ(found.smallest_shown()->format.name(), "int8");
  for (const Choice& choice : found.met) {
    const bool is_behind = choice.architecture == "dnn 4";
    EXPECT_TRUE(!is_behind || choice.evidence == ChoiceEvidence::observed);
  }
}

TEST(Recommend, GivesTheLimitsOfClopperAndPearson) {
  // 9 of 10: 0.6058 at 95 %, one-sided (R: binom.test(9, 10, alternative = "greater")).
  const Recommendation found =
      only(with_accuracies({.98, .98, .98, .98, .98, .98, .98, .98, .98, .9}),
           {.accuracy = 0.97, .reliability = 0.6});
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].met, 9);
  EXPECT_EQ(found.met[0].replicates, 10);
  EXPECT_NEAR(found.met[0].least_share, 0.6058, 5e-5);
  EXPECT_NEAR(found.met[0].p_value, 0.04636, 1e-5);  // 0.6^10 + 10 x 0.6^9 x 0.4
  EXPECT_EQ(found.met[0].evidence, ChoiceEvidence::shown) << "the only choice there is";
}

TEST(Recommend, ReportsThatTooFewReplicatesShowNothing) {
  const Demand demand{.accuracy = 0.97, .reliability = 0.9};
  const Recommendation found = only(with_accuracies({0.98, 0.98, 0.98}), demand);
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].evidence, ChoiceEvidence::observed);
  EXPECT_NEAR(found.met[0].least_share, std::cbrt(0.05), 1e-9);
  EXPECT_EQ(found.tested_sequences, 0);
}

// By hand: 9 of 11 give P(X >= 9 | 0.5) = 67/2048 = 0.033 and P(X >= 9 | 0.875) = 0.847. Fewer
// replicates do not reach a power of 0.8 at a level of 0.05.
TEST(Recommend, CountsTheNewReplicatesThatWouldShowIt) {
  const auto follow_up = follow_up_of(0.5, 0.05, 1000);
  ASSERT_TRUE(follow_up);
  EXPECT_EQ(follow_up->replicates, 11);
  EXPECT_EQ(follow_up->needed, 9);
  EXPECT_FALSE(follow_up_of(0.5, 0.05, 10));
  EXPECT_FALSE(follow_up_of(0.999'999, 0.05, 1'000'000));
}

TEST(Recommend, CountsARunThatDivergedAsAMissOfEverythingMadeOfItsArchitecture) {
  Population population = with_accuracies({0.98, 0.98});
  add_variant(population, "0", quantized("int8", 8, 0.98));
  add_variant(population, "1", quantized("int8", 8, 0.98));
  record::RunRow& run = add_run(population, "dnn 4", std::nan(""));
  run.result.status = record::RunStatus::diverged;
  const Recommendation found = only(population, {.accuracy = 0.97});
  ASSERT_THAT(found.met, SizeIs(2));
  for (const Choice& choice : found.met) {
    EXPECT_EQ(choice.replicates, 3);
    EXPECT_EQ(choice.met, 2);
    EXPECT_NEAR(choice.accuracy.mean, (0.98 + 0.98 + 0.1) / 3, 1e-12) << "the largest class";
  }
}

// 1,000 test images, 95 % of one class.
TEST(Recommend, NeverNamesANetworkThatAlwaysPredictsOneClass) {
  Population population = one_dataset();
  population.datasets[0].majority_share = 0.95;
  population.datasets[0].class_names = {"healthy", "ill"};
  for (int i = 0; i < 12; ++i) {
    add_run(population, "dnn 1", 0.95, 10).result.history = {
        {.epoch = 1, .predicted_classes = 1, .top_class = 0}};
    add_run(population, "dnn 2", 0.955, 20);  // 955 of 1,000: not significantly better
    add_run(population, "dnn 4", 0.99, 40);
  }
  const Recommendation found = only(population, {.accuracy = 0.9});
  EXPECT_TRUE(found.asks_for_nothing());
  EXPECT_EQ(found.largest_class, "healthy");
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].architecture, "dnn 4");
  ASSERT_TRUE(found.beyond);
  EXPECT_EQ(found.beyond->guessed, 12);
  EXPECT_FALSE(only(population, {.accuracy = 0.97}).asks_for_nothing());
}

// 40 images, 95 % of one class, cannot show that any network is better: 0.95^40 = 0.13.
TEST(Recommend, LetsFewValidationImagesChooseAmongNetworksThatTestImagesShowToLearn) {
  Population population = one_dataset();
  population.datasets[0].majority_share = 0.95;
  population.datasets[0].validation_count = 40;
  add_run(population, "dnn 4", 0.99, 40).result.validation_accuracy = 1.0;
  add_run(population, "dnn 8", 0.99, 80).result.validation_accuracy = 0.95;
  const Recommendation found = only(population, {.accuracy = 0.95});
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].architecture, "dnn 4");
}

TEST(Recommend, TestsNoChoiceWhoseRunsWereSelectedByTheirResults) {
  Population population = with_accuracies({0.98, 0.8, 0.8, 0.8, 0.8});
  add_variant(population, "0", quantized("int8", 8, 0.98));  // the best of five
  const Recommendation found = only(population, {.accuracy = 0.97, .reliability = 0.04});
  ASSERT_FALSE(found.met.empty());
  for (const Choice& choice : found.met) {
    EXPECT_TRUE(choice.format.name() != "int8" || choice.evidence == ChoiceEvidence::observed);
  }
}

TEST(Recommend, CountsMultiplyAddsAndTheMemoryOfTheCProgram) {
  Population population = one_dataset();  // 28 x 28, ten classes
  const std::string id = add_run(population, "dnn 16-8", 0.98, 12'786).id;
  record::Variant variant = quantized("int8", 8, 0.98);
  variant.arithmetic = record::Arithmetic::integer;
  variant.activations = study::NumberFormat::int8;
  add_variant(population, id, variant);
  const Recommendation found = only(population, {.accuracy = 0.9});
  ASSERT_THAT(found.met, SizeIs(2));
  for (const Choice& choice : found.met) {
    EXPECT_EQ(choice.multiply_adds, 784 * 16 + 16 * 8 + 8 * 10);
    if (choice.is_integer()) {
      EXPECT_EQ(choice.ram_bytes, 16 + 8 + 4 * 10) << "codes of two layers, and logits";
    } else {
      EXPECT_FALSE(choice.ram_bytes);
    }
  }
}

TEST(Recommend, PlansNewRunsOfTheSmallestChoicesNotExcluded) {
  Population population = one_dataset();
  const auto add = [&population](const std::string& name, std::int64_t parameters, int met) {
    for (int i = 0; i < 8; ++i) add_run(population, name, i < met ? 0.95 : 0.85, parameters);
  };
  add("dnn 2", 20, 0);  // excluded: 0 of 8
  add("dnn 4", 40, 3);
  add("dnn 8", 80, 5);
  add("dnn 16", 160, 8);
  const Recommendation found = only(population, {.accuracy = 0.9});
  ASSERT_FALSE(found.met.empty());
  EXPECT_EQ(found.met[0].architecture, "dnn 8");
  const auto next = next_runs(found, 1'000'000);
  ASSERT_TRUE(next);
  EXPECT_THAT(next->architectures, ElementsAre("dnn 4", "dnn 8", "dnn 16"));
  EXPECT_THAT(next->pruning, IsEmpty());
  EXPECT_EQ(next->sequences, 1);
  ASSERT_TRUE(next->runs);
  EXPECT_EQ(next->runs->replicates, 11);
  const auto too_few = next_runs(found, 20);
  ASSERT_TRUE(too_few);
  EXPECT_FALSE(too_few->runs) << "3 x 11 runs";
}

TEST(Recommend, PlansNoRunsIfTheSmallestIsShown) {
  const Recommendation found =
      only(with_accuracies({0.98, 0.98, 0.98, 0.98, 0.98}), {.accuracy = 0.9});
  EXPECT_FALSE(next_runs(found, 1'000'000));
}

TEST(Recommend, RespectsTheLimits) {
  Population population = one_dataset();
  add_replicates(population, "dnn 16", 4000, {{"fp32", 32, 1.0}, {"int8", 8, 1.0}}, 5, 1);
  EXPECT_EQ(only(population, {.accuracy = 0.9, .max_bytes = 4000.0}).met.at(0).format.name(),
            "int8");
  const Recommendation none = only(population, {.accuracy = 0.9, .max_bytes = 3999.0});
  EXPECT_THAT(none.met, IsEmpty());
  EXPECT_EQ(none.too_large, 2);
  ASSERT_TRUE(none.nearest) << "what there is, though it is too large";
  EXPECT_THAT(only(population, {.accuracy = 0.9, .max_parameters = 3999}).met, IsEmpty());
}

study::Device planted_device() {
  return {.name = "board",
          .core = {.name = "core",
                   .cycles_per_dense = 10.0,
                   .cycles_per_convolution = 20.0,
                   .cycles_per_unpacking = 5.0,
                   .cycles_per_output = 100.0,
                   .code_bytes = 1000,
                   .code_bytes_per_layer = 100},
          .flash_bytes = 14'200,
          .ram_bytes = 1097,
          .megahertz = 16.0};
}

/// `dnn 16` with 13,000 bytes of integers, and without compression.
Population on_a_device() {
  Population population = one_dataset();
  const std::string id = add_run(population, "dnn 16", 0.95, 12'730).id;
  record::Variant variant = quantized("int8", 8, 0.95);
  variant.arithmetic = record::Arithmetic::integer;
  variant.activations = study::NumberFormat::int8;
  variant.bytes.packed = 13'000;
  add_variant(population, id, variant);
  return population;
}

// By hand: 784 x 16 + 16 x 10 multiply-adds at 10 cycles, and 26 outputs at 100. RAM has 17 codes,
// 10 logits of 4 bytes, the image of 784 bytes and 256 bytes of stack.
TEST(Recommend, EstimatesWhatTheCProgramTakesOfADevice) {
  const Recommendation found = only(on_a_device(), {.accuracy = 0.9, .device = planted_device()});
  ASSERT_THAT(found.met, SizeIs(1)) << "a network without C program does not fit";
  EXPECT_EQ(found.too_large, 1);
  ASSERT_TRUE(found.met[0].device);
  EXPECT_EQ(found.met[0].device->flash_bytes, 13'000 + 1000 + 2 * 100);
  EXPECT_EQ(found.met[0].device->ram_bytes, 17 + 40 + 784 + 256);
  EXPECT_DOUBLE_EQ(found.met[0].device->milliseconds, (12'704 * 10 + 26 * 100) / 16e3);
}

TEST(Recommend, LeavesOutWhatDoesNotFitTheDevice) {
  study::Device small = planted_device();
  small.flash_bytes -= 1;
  EXPECT_THAT(only(on_a_device(), {.accuracy = 0.9, .device = small}).met, IsEmpty());
  small = planted_device();
  small.ram_bytes -= 1;
  EXPECT_THAT(only(on_a_device(), {.accuracy = 0.9, .device = small}).met, IsEmpty());
}

TEST(Recommend, CountsConvolutionsByTheirOwnCost) {
  const Problem problem{{1, 28, 28}, 10};
  const auto cost = prediction_cost("cnn 2", problem, study::NumberFormat::int8);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->convolution_multiply_adds, 2 * 9 * 26 * 26);
  EXPECT_EQ(cost->multiply_adds - cost->convolution_multiply_adds, 2 * 26 * 26 * 10);
  const DeviceUse use = device_use(planted_device(), *cost, 0, 8);
  EXPECT_DOUBLE_EQ(
      use.milliseconds,
      (2 * 9 * 26 * 26 * 20.0 + 2 * 26 * 26 * 10 * 10.0 + (2 * 26 * 26 + 10) * 100.0) / 16e3);
  const DeviceUse packed = device_use(planted_device(), *cost, 0, 4);
  EXPECT_NEAR(packed.milliseconds - use.milliseconds, 5.0 * (12'168 + 13'520) / 16e3, 1e-9)
      << "weights of 4 bits are unpacked first";
}

TEST(Recommend, NamesTheNearestIfNoNetworkMeetsTheDemand) {
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
  std::vector<std::string> ids;
  for (const ChoiceRun& run : found.met.at(0).runs) ids.push_back(run.id);
  EXPECT_THAT(ids, ElementsAre("3", "2", "1", "4"));
}

TEST(Recommend, ExcludesNetworksOfWhichOneTensorWasCompressed) {
  Population population = with_accuracies({0.98});
  record::Variant one = quantized("int2", 2, 0.98);
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
                      0.95);  // test images would select it
    add_validated_run(population, "dnn 16", 4000, 0.91, test);
  }
  record::Variant variant = quantized("int8", 8, 0.5);
  variant.validation_accuracy = 0.93;
  variant.bytes.packed = 3000;
  add_variant(population, "1", variant);
  add_variant(population, "3", variant);
  const Recommendation found = only(population, {.accuracy = 0.9});
  EXPECT_EQ(found.validation_images, 600);
  ASSERT_THAT(found.met, SizeIs(2));
  EXPECT_EQ(found.met[0].format.name(), "int8");
  EXPECT_EQ(found.met[0].met, 2);
  EXPECT_EQ(found.met[0].test.met, 0) << "and that is said, not acted upon";
  EXPECT_EQ(found.met[1].architecture, "dnn 16");
  EXPECT_NEAR(found.met[1].accuracy.mean, 0.91, 1e-12);
  EXPECT_EQ(found.met[1].test.met, 1);
  EXPECT_NEAR(found.met[1].test.accuracy.mean, 0.905, 1e-12);
}

TEST(Recommend, RepeatsTheFiguresIfTestImagesChoose) {
  const Recommendation found = only(with_accuracies({0.98, 0.96}), {.accuracy = 0.97});
  EXPECT_EQ(found.validation_images, 0);
  EXPECT_EQ(found.met.at(0).test.met, found.met[0].met);
  EXPECT_EQ(found.met[0].test.accuracy.mean, found.met[0].accuracy.mean);
}

/// Test accuracies of the selected networks. All true accuracies are 0.88; the images used for
/// selection report them with an error of 0.02.
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

TEST(Recommend, RefusesAConfidenceOfOne) {
  EXPECT_THROW((void)recommendations_of(one_dataset(), {.accuracy = 0.9, .reliability = 1.0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace minima::analysis
