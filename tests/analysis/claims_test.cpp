// Tests of single claims on planted populations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/claims/claim_tests.h"
#include "planted_variants.h"
#include "quick_settings.h"
#include "record/run_row.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

using Tests = std::vector<ClaimTest>;

Tests tests_on(const Population& population, Tests (*claim)(const ClaimEvidence&),
               const study::AnalysisSettings& settings = quick()) {
  const Convergence convergence = convergence_of(population, settings);
  const Compression compression = compression_of(population, settings);
  return claim({population, convergence, compression, settings});
}

// scipy.stats.theilslopes: slope 0.139521; scipy.stats.kendalltau: p = 0.0556, exact.
TEST(MedianSlope, AgreesWithSciPy) {
  std::vector<RankedPair> pairs;
  const std::vector<double> y{0.5, 0.6, 0.58, 0.7, 0.72, 0.71};
  for (std::size_t i = 0; i < y.size(); ++i) {
    pairs.push_back({std::log10(100.0 * std::pow(2.0, static_cast<double>(i))), y[i]});
  }
  const auto test = median_slope(pairs, "scipy", quick());
  EXPECT_NEAR(test->effect, 0.13952097998526922, 1e-12);
  EXPECT_NEAR(test->p, 0.05556, 0.03);  // from a thousand permutations
  EXPECT_NEAR(test->least_p, 2.0 / 720.0, 1e-9);
  EXPECT_LT(*test->low, 0.0) << "not significant";
  EXPECT_GT(*test->high, test->effect);
}

TEST(MedianSlope, HasAnIntervalWithout0ExactlyWhereItIsSignificant) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    RandomStream random(12, i, Purpose::random_design);
    std::vector<RankedPair> pairs;
    for (int k = 0; k < 9; ++k) pairs.push_back({k * 1.0, 0.25 * k + random.normal()});
    const auto test = median_slope(pairs, std::to_string(i), quick());
    EXPECT_EQ(*test->low > 0.0 || *test->high < 0.0, test->p <= 0.05) << test->p;
  }
}

// ---- difficulty ------------------------------------------------------------------------------

/// Datasets of increasing difficulty on which six architectures lose a fraction of their skill.
Population of_difficulties(int datasets, double per_step) {
  Population population;
  for (int d = 0; d < datasets; ++d) {
    population.datasets.push_back(one_dataset().datasets[0]);
    population.datasets.back().name = "glyphs difficulty=0." + std::to_string(d + 1);
    for (int i = 0; i < 6; ++i) {
      auto& run = add_run(population, "dnn " + std::to_string(i + 8), 0.95, 1000 * (i + 1));
      run.dataset = population.datasets.back().name;
      const double lost = 0.2 + per_step * d + 0.01 * i;
      add_variant(population, run.id, quantized("int4", 4, 0.95 - lost * 0.85));
    }
  }
  return population;
}

TEST(HardData, LosesMoreAtLowPrecision) {
  const Tests tests = tests_on(of_difficulties(6, 0.05), precision_hurts_hard_data);
  ASSERT_THAT(tests, SizeIs(1));
  EXPECT_EQ(tests[0].dataset, "glyphs");
  EXPECT_EQ(tests[0].count, 6);
  EXPECT_DOUBLE_EQ(tests[0].effect, 1.0);
  EXPECT_LT(tests[0].p, 0.01);
}

TEST(HardData, OfFourDifficultiesCannotBeSignificantAndOfThreeIsNotTested) {
  const Tests four = tests_on(of_difficulties(4, 0.05), precision_hurts_hard_data);
  ASSERT_THAT(four, SizeIs(1));
  EXPECT_NEAR(four[0].least_p, 2.0 / 24.0, 1e-9);
  EXPECT_THAT(tests_on(of_difficulties(3, 0.05), precision_hurts_hard_data), IsEmpty());
}

TEST(HardData, MakesTheTransitionSharper) {
  Population population;
  for (int d = 0; d < 5; ++d) {
    Simulation simulation;
    simulation.dataset = "glyphs difficulty=0." + std::to_string(d + 1);
    simulation.epochs = 0;
    simulation.replicates = 4;
    SizeCurve curve{.half = 3000, .rise = 0.8 + 0.3 * d, .sd_at_half = 0.0, .failure_at_half = 0.0};
    for (const auto size : logarithmic_sizes(20, 30, 1e6)) {
      simulation.levels.push_back(level_of(curve, size));
      simulation.levels.back().architecture = "dnn " + std::to_string(simulation.levels.size());
    }
    const Population one = simulate(simulation, static_cast<std::uint64_t>(d)).population;
    population.datasets.push_back(one.datasets[0]);
    for (record::RunRow run : one.runs) {
      run.id = std::to_string(population.runs.size());
      population.runs.push_back(std::move(run));
    }
  }
  const Tests tests = tests_on(population, transition_is_sharp);
  ASSERT_THAT(tests, SizeIs(1));
  EXPECT_LT(tests[0].effect, -0.9);
}

// ---- families --------------------------------------------------------------------------------

/// Pairs of equal size; the second family is better by `difference`.
Population of_two_families(double difference) {
  Population population = one_dataset();
  RandomStream random(13, 0, Purpose::random_design);
  for (int i = 0; i < 8; ++i) {
    const std::int64_t parameters = 1000LL << i;
    for (int r = 0; r < 4; ++r) {
      add_run(population, "dnn " + std::to_string(i + 1), 0.8 + 0.002 * random.normal(),
              parameters);
      add_run(population, "cnn " + std::to_string(i + 1),
              0.8 + difference + 0.002 * random.normal(), parameters + 10);
    }
  }
  return population;
}

/// of_two_families with so many test images that their sampling error is negligible.
Population of_families_on_many_images(double difference) {
  Population population = of_two_families(difference);
  population.datasets[0].test_count = 1'000'000;
  return population;
}

TEST(Families, AreNotShownToAgreeByFewTestImages) {
  const ClaimTest test = tests_on(of_two_families(0.0), families_agree).at(0);
  EXPECT_GT(test.p, 0.05) << "1,000 images leave a standard error of 1.3 points";
  EXPECT_GT(*test.high, 0.02);
}

TEST(Families, AgreeOrDiffer) {
  const ClaimTest same = tests_on(of_families_on_many_images(0.0), families_agree).at(0);
  EXPECT_EQ(same.count, 8);
  EXPECT_EQ(same.scope, "cnn and dnn");
  EXPECT_LT(same.effect, same.bound);
  EXPECT_LT(same.p, 0.001);
  const ClaimTest other = tests_on(of_families_on_many_images(0.1), families_agree).at(0);
  EXPECT_GT(other.effect, other.bound);
  EXPECT_LT(other.p, 0.001);
  EXPECT_GT(tests_on(of_families_on_many_images(0.01), families_agree).at(0).p, 0.05);
}

TEST(Families, AreComparedAtEqualSize) {
  // Accuracy rises by 0.1 per e-fold of parameters; the second family is a fifth larger.
  const auto population_of = [](double difference, double step) {
    Population population = one_dataset();
    population.datasets[0].test_count = 1'000'000;
    RandomStream random(14, 0, Purpose::random_design);
    for (int i = 0; i < 6; ++i) {
      for (const bool is_second : {false, true}) {
        const double size = std::round(1000.0 * std::pow(step, i) * (is_second ? 1.2 : 1.0));
        const double mean = 0.5 + 0.1 * std::log(size / 1000.0) / std::log(step) * std::log(1.6);
        for (int r = 0; r < 4; ++r) {
          add_run(population, (is_second ? "cnn " : "dnn ") + std::to_string(i + 1),
                  mean + (is_second ? difference : 0.0) + 0.001 * random.normal(),
                  static_cast<std::int64_t>(size));
        }
      }
    }
    return population;
  };
  const ClaimTest equal = tests_on(population_of(0.0, 1.6), families_agree).at(0);
  EXPECT_LT(equal.effect, 0.003);
  EXPECT_LT(equal.p, 0.05);
  const ClaimTest other = tests_on(population_of(-0.1 * std::log(1.2), 1.6), families_agree).at(0);
  EXPECT_NEAR(other.effect, 0.0182, 0.003);
  EXPECT_GT(other.effect, other.bound);
  // The sizes are too far apart to estimate the effect of a fifth more parameters.
  EXPECT_THAT(tests_on(population_of(0.0, 8.0), families_agree), IsEmpty());
}

TEST(Families, AgreeOnlyIfEveryPairDoes) {
  Population population = of_families_on_many_images(0.0);
  RandomStream random(15, 0, Purpose::random_design);
  for (int i = 0; i < 8; ++i) {
    for (int r = 0; r < 4; ++r) {
      add_run(population, "vit " + std::to_string(i + 1), 0.7 + 0.002 * random.normal(),
              (1000LL << i) + 20);
    }
  }
  const Tests tests = tests_on(population, families_agree);
  ASSERT_THAT(tests, SizeIs(1)) << "one for the dataset";
  EXPECT_GT(tests[0].effect, tests[0].bound);
  EXPECT_LT(tests[0].p, 0.001);
  EXPECT_THAT(tests[0].scope, testing::HasSubstr("vit"));
}

// ---- training --------------------------------------------------------------------------------

TEST(FailedLosses, FluctuateWithinArchitectures) {
  Population population = one_dataset();
  RandomStream random(14, 0, Purpose::random_design);
  for (int architecture = 0; architecture < 4; ++architecture) {
    for (int i = 0; i < 10; ++i) {
      const bool failed = i % 2 == 0;
      auto& run =
          add_run(population, "dnn " + std::to_string(architecture + 1), failed ? 0.3 : 0.95);
      run.result.train_accuracy = run.result.test_accuracy;
      std::vector<double> losses;
      for (int e = 1; e <= 20; ++e) {
        losses.push_back(std::exp(-0.1 * e + (failed ? 0.3 : 0.02) * random.normal()));
      }
      set_losses(run, losses);
      for (auto& epoch : run.result.history) epoch.predicted_classes = 10;
    }
  }
  const Tests tests = tests_on(population, failed_losses_fluctuate);
  ASSERT_THAT(tests, SizeIs(1));
  EXPECT_GT(tests[0].effect, 0.5);
  EXPECT_LT(tests[0].p, 0.001);
  EXPECT_EQ(tests[0].count, 40);
}

TEST(Failures, AreCountedByArchitecture) {
  Simulation simulation;
  simulation.levels = {{.parameters = 100, .failure = 1.0, .architecture = "dnn 1"},
                       {.parameters = 1000, .failure = 1.0, .architecture = "dnn 2"},
                       {.parameters = 5000, .architecture = "dnn 4"}};
  const Tests tests = tests_on(simulate(simulation, 1).population, failures_lack_gradient);
  ASSERT_THAT(tests, SizeIs(1));
  EXPECT_EQ(tests[0].count, 2);
  EXPECT_DOUBLE_EQ(tests[0].effect, 1.0) << "the planted runs have a dead layer";
}

/// A series of four sizes with given intervals of its two boundaries.
SeriesConvergence with_boundaries(std::int64_t stable_low, std::int64_t stable_high,
                                  std::int64_t over_low, std::int64_t over_high) {
  SeriesConvergence series{.dataset = "planted"};
  for (const std::int64_t size : {10, 100, 1000, 10'000}) {
    series.regimes.levels.push_back({.parameters = size});
  }
  series.regimes.loss_known = true;
  series.regimes.stable_from = {
      .parameters = stable_low, .has_interval = true, .low = stable_low, .high = stable_high};
  series.regimes.overfitting_from = {
      .parameters = over_low, .has_interval = true, .low = over_low, .high = over_high};
  return series;
}

TEST(Regimes, AreCountedWhereTheIntervalsShowAllThree) {
  const study::AnalysisSettings settings = quick();
  const Population population;
  const Compression compression;
  const auto fraction_of = [&](const SeriesConvergence& series) {
    const Convergence convergence{.study = "", .settings = settings, .series = {series}};
    return regimes_in_order({population, convergence, compression, settings}).at(0).effect;
  };
  EXPECT_EQ(fraction_of(with_boundaries(100, 100, 1000, 10'000)), 1.0);
  EXPECT_EQ(fraction_of(with_boundaries(100, 1000, 1000, 10'000)), 0.0) << "intervals overlap";
  EXPECT_EQ(fraction_of(with_boundaries(10, 100, 1000, 10'000)), 0.0) << "nothing unstable";
}

}  // namespace
}  // namespace minima::analysis
