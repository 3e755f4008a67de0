#include "analysis/sizes/minimal_parameters.h"

#include <gtest/gtest.h>

#include "analysis/sizes/literal_sizes.h"
#include "hand_made.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

constexpr std::int64_t kManyImages = 100'000;

MinimalParameters minimal(const HandMade& made, const study::AnalysisSettings& settings = {}) {
  return minimal_parameters_of(made.population(), made.selection(), settings);
}

const std::vector<double> kPoor{0.5, 0.501, 0.499};
const std::vector<double> kGood{0.970, 0.9705, 0.9695};

TEST(MinimalParameters, AreTheFewestWithinOnePointOfTheLargest) {
  const auto found = minimal(HandMade::with_images(kManyImages)
                                 .add(100, kPoor)
                                 .add(200, {0.95, 0.951, 0.949})
                                 .add(300, {0.965, 0.966, 0.964})
                                 .add(600, kGood)
                                 .add(1200, kGood)
                                 .add(2400, kGood));
  EXPECT_EQ(found.status, MinimalStatus::found) << found.reason();
  EXPECT_EQ(found.size.parameters, 300);
  EXPECT_EQ(found.size.plain, 300);
  EXPECT_EQ(found.architectures, std::vector<std::string>{"dnn 300"});
  EXPECT_NEAR(found.accuracy_at_largest, 0.97, 1e-12);
  EXPECT_EQ(found.levels.size(), 6U);
  EXPECT_NEAR(found.levels[0].sd.value(), 0.001, 1e-12);
  EXPECT_LE(found.size.low.value(), 300);
  EXPECT_GE(found.size.high.value(), 300);
  EXPECT_TRUE(found.reason().empty());
}

TEST(MinimalParameters, ExactlyOnePointIsWithinOnePoint) {
  const auto found = minimal(HandMade::with_images(kManyImages)
                                 .add(1, {0.89, 0.89})
                                 .add(2, {0.9, 0.9})
                                 .add(4, {0.9, 0.9})
                                 .add(8, {0.9, 0.9}));
  EXPECT_EQ(found.size.parameters, 1);
}

TEST(MinimalParameters, DoNotDependOnTheSpread) {
  const std::vector<double> wild{0.94, 0.99, 0.97, 0.98, 0.96, 0.97, 0.95, 0.99, 0.97, 0.98};
  HandMade made = HandMade::with_images(kManyImages);
  made.add(50, kPoor).add(100, kPoor);
  for (const std::int64_t size : {200, 800, 3200}) {
    for (int times = 0; times < 5; ++times) made.add(size, wild);
  }
  const auto found = minimal(made);
  EXPECT_EQ(found.status, MinimalStatus::found) << found.reason();
  EXPECT_EQ(found.size.parameters, 200);
}

TEST(MinimalParameters, ArchitecturesOfEqualSizeAreOneLevel) {
  HandMade made;
  made.add(100, {0.9, 0.9}).add(100, {0.9, 0.9}).add(200, {0.9, 0.9});
  Population population = made.population();
  population.runs[0].architecture = population.runs[1].architecture = "dnn 7-3";
  const auto found = minimal_parameters_of(population, made.selection(), {});
  EXPECT_EQ(found.levels.size(), 2U);
  EXPECT_EQ(found.levels[0].runs, 4);
  EXPECT_EQ(found.levels[0].architectures, (std::vector<std::string>{"dnn 100", "dnn 7-3"}));
}

TEST(MinimalParameters, OfOneSizeAreUnknown) {
  const auto found = minimal(HandMade().add(100, {0.9, 0.9, 0.9}));
  EXPECT_EQ(found.status, MinimalStatus::one_size);
  EXPECT_FALSE(found.size.parameters);
  EXPECT_EQ(found.reason(), "one size: no answer");
}

TEST(MinimalParameters, OneReplicateTestsNothing) {
  const auto found = minimal(HandMade().add(1, {0.5}).add(2, {0.895}).add(3, {0.9}));
  EXPECT_EQ(found.status, MinimalStatus::one_run_each);
  EXPECT_FALSE(found.size.parameters);
  EXPECT_FALSE(found.size.has_interval);
  EXPECT_EQ(found.size.plain, 2);
  EXPECT_FALSE(found.levels[0].sd);
}

TEST(MinimalParameters, OfARisingCurveAreNotReached) {
  const auto found = minimal(HandMade::with_images(kManyImages)
                                 .add(100, {0.5, 0.51, 0.49})
                                 .add(200, {0.7, 0.71, 0.69})
                                 .add(400, {0.8, 0.81, 0.79})
                                 .add(800, {0.85, 0.86, 0.84}));
  EXPECT_EQ(found.status, MinimalStatus::still_rising);
  EXPECT_FALSE(found.size.parameters);
  EXPECT_FALSE(found.size.high) << "open";
  EXPECT_EQ(found.above, 400);
  EXPECT_EQ(found.size.low, 800);
  EXPECT_EQ(found.reason(),
            "above 400; not reached, because accuracy still rises at 800 parameters");
  EXPECT_EQ(end_text(found), "still rising at 800 parameters");
  EXPECT_GT(found.end.gain, 0.1) << "from 200 to 800 parameters";
}

TEST(MinimalParameters, OfAFlatEndAreNotCalledRising) {
  const auto found = minimal(HandMade::with_images(kManyImages)
                                 .add(100, {0.5, 0.501, 0.499})
                                 .add(1000, {0.6, 0.601, 0.599})
                                 .add(1050, {0.95, 0.951, 0.949})
                                 .add(10'000, {0.951, 0.952, 0.950})
                                 .add(40'000, {0.951, 0.952, 0.950}));
  EXPECT_EQ(found.status, MinimalStatus::found);
  const auto next = minimal(HandMade::with_images(kManyImages)
                                .add(100, {0.5, 0.501, 0.499})
                                .add(1000, {0.95, 0.951, 0.949})
                                .add(4000, {0.951, 0.952, 0.950}));
  EXPECT_EQ(next.status, MinimalStatus::still_rising) << "P_min is next to the largest size";
  EXPECT_TRUE(next.end.is_flat(0.01));
  EXPECT_EQ(next.reason(),
            "above 100; not reached, because no size well below the largest, 4,000 parameters, is "
            "as accurate");
}

TEST(MinimalParameters, AreNotReachedIfTooFewImagesLeaveTheEndOpen) {
  HandMade few("few images");
  few.add(100, kPoor).add(200, kGood).add(800, kGood).add(3200, kGood);
  Population population = few.population();
  population.datasets[0].test_count = 100;
  const auto found = minimal_parameters_of(population, few.selection(), {});
  EXPECT_EQ(found.status, MinimalStatus::still_rising);
  EXPECT_GT(found.end.gain_high, 0.01);
  EXPECT_EQ(end_text(found), "may still rise beyond 3,200 parameters");
  EXPECT_EQ(found.reason().find("still rises"), std::string::npos) << found.reason();
}

TEST(MinimalParameters, AreWithheldIfAccuracyFalls) {
  const auto found = minimal(HandMade::with_images(kManyImages)
                                 .add(100, kPoor)
                                 .add(200, kGood)
                                 .add(400, kGood)
                                 .add(800, {0.90, 0.901, 0.899})
                                 .add(1600, {0.90, 0.901, 0.899}));
  EXPECT_EQ(found.status, MinimalStatus::not_monotone);
  EXPECT_FALSE(found.size.parameters);
  EXPECT_NEAR(found.order.fall, 0.07, 1e-12);
  EXPECT_EQ(found.order.fall_from, 200);
  EXPECT_EQ(found.order.fall_to, 800);
  EXPECT_LT(found.order.p.value(), 0.01);
}

TEST(MonotoneOrder, RejectsNoMoreOftenThanItPromises) {
  constexpr int kPopulations = 200;
  int rejected = 0;
  for (int population = 0; population < kPopulations; ++population) {
    RandomStream stream(3, static_cast<std::uint64_t>(population), Purpose::random_design);
    HandMade made = HandMade::with_images(kManyImages);
    for (std::int64_t size = 1; size <= 8; ++size) {
      std::vector<double> accuracies;
      for (int run = 0; run < 5; ++run) accuracies.push_back(0.9 + 0.02 * stream.normal());
      made.add(size, accuracies);
    }
    study::AnalysisSettings settings;
    settings.bootstrap_samples = 200;
    if (minimal(made, settings).order.rejected) ++rejected;
  }
  EXPECT_LE(rejected, 20) << "of 200, at 5 %";
}

TEST(LevelAccuracy, HasAnIntervalWithTheTestImages) {
  const auto found = minimal(HandMade().add(1, {0.9, 0.9, 0.9}).add(2, {0.95}));
  // Equal replicates: 1.96 sqrt(0.9 * 0.1 / 1000) = 0.0186.
  EXPECT_NEAR(found.levels[0].low.value(), 0.9 - 0.0186, 1e-4);
  EXPECT_NEAR(found.levels[0].high.value(), 0.9 + 0.0186, 1e-4);
  EXPECT_FALSE(found.levels[1].low);
}

TEST(LiteralSizes, MustAlsoBeStable) {
  const HandMade made = HandMade()
                            .add(100, {0.9, 0.97, 0.935})
                            .add(200, {0.945, 0.995, 0.97})
                            .add(300, {0.97, 0.971, 0.969})
                            .add(400, {0.97, 0.971, 0.969});
  const auto found = literal_sizes_of(made.population(), made.selection(), {});
  EXPECT_EQ(found.size_for_accuracy.parameters, 200);
  EXPECT_EQ(found.size_for_spread.parameters, 300);
  EXPECT_EQ(found.size.parameters, 300);
}

TEST(LiteralSizes, AreAbsentIfTheLargestNetworksAreUnstable) {
  const HandMade made = HandMade().add(1, {0.5, 0.6}).add(2, {0.1, 0.9}).add_diverged(2);
  const auto found = literal_sizes_of(made.population(), made.selection(), {});
  EXPECT_FALSE(found.size.parameters);
  EXPECT_FALSE(found.size_for_spread.parameters);
  EXPECT_EQ(found.size_for_accuracy.parameters, 1) << "0.55 against (0.1 + 0.9 + 0.1) / 3";
}

TEST(LiteralSizes, ReportHowRareUnobservedFailuresMustBe) {
  const HandMade made = HandMade()
                            .add(1, std::vector<double>(10, 0.5))
                            .add(2, std::vector<double>(10, 0.9))
                            .add(3, std::vector<double>(10, 0.9));
  // 0.95 = 1 - (1 - p)^20
  EXPECT_NEAR(literal_sizes_of(made.population(), made.selection(), {}).failure_limit.value(),
              1 - std::pow(0.05, 1.0 / 20), 1e-9);
}

TEST(MinimalParameters, ArePlantedOnes) {
  const Simulation simulation = simulation_of({}, logarithmic_sizes(30, 50, 1e6), 30);
  const Simulated simulated = simulate(simulation, 5);
  const auto found =
      minimal_parameters_of(simulated.population, selections_of(simulated.population)[0], {});
  // By hand: 0.97 - 0.87 / (1 + (P / 300)^1.2) is within 0.01 of the largest for P >= 12,167.
  EXPECT_NEAR(std::log10(static_cast<double>(found.size.parameters.value())), std::log10(12'167.0),
              0.16);  // one grid step
}

TEST(MinimalParameters, DependOnTheSeedOfTheBootstrapLittleAndReproducibly) {
  const Simulated simulated = simulate(simulation_of({}, logarithmic_sizes(12, 50, 1e6), 5), 5);
  const Selection selection = selections_of(simulated.population)[0];
  study::AnalysisSettings settings;
  const auto first = minimal_parameters_of(simulated.population, selection, settings);
  const auto again = minimal_parameters_of(simulated.population, selection, settings);
  EXPECT_EQ(first.size.low, again.size.low);
  EXPECT_EQ(first.size.high, again.size.high);
  settings.seed = 2;
  EXPECT_EQ(minimal_parameters_of(simulated.population, selection, settings).size.parameters,
            first.size.parameters);
}

}  // namespace
}  // namespace minima::analysis
