#include "analysis/convergence/shape_invariance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "core/numbers/random.h"
#include "planted_runs.h"
#include "record/run_result.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

// Fractions of planted means and variances by definition, pair by pair.
struct Truth {
  double parameters = 0.0;
  double shape = 0.0;
  double seed = 0.0;
};

struct PlantedShapes {
  std::vector<std::int64_t> parameters;
  std::vector<double> means;
  std::vector<double> failing;  // probability that a run stays at chance level
  double sd = 0.01;             // sd of runs that do not fail
  int replicates = 10;
};

constexpr double kChance = 0.1;

double mean_of(const PlantedShapes& p, std::size_t i) {
  return p.failing[i] * kChance + (1.0 - p.failing[i]) * p.means[i];
}

double variance_of(const PlantedShapes& p, std::size_t i) {
  const double distance = p.means[i] - kChance;
  return (1.0 - p.failing[i]) * (p.sd * p.sd + p.failing[i] * distance * distance);
}

Truth true_shares_of(const PlantedShapes& p) {
  Moments means;
  Moments variances;
  Moments shapes;
  for (std::size_t i = 0; i < p.means.size(); ++i) {
    means.add(mean_of(p, i));
    variances.add(variance_of(p, i));
    Moments pairs;
    for (std::size_t j = 0; j < p.means.size(); ++j) {
      const auto [low, high] = std::minmax(p.parameters[i], p.parameters[j]);
      const double distance = mean_of(p, i) - mean_of(p, j);
      if (j != i && static_cast<double>(high) <= 1.05 * static_cast<double>(low)) {
        pairs.add(0.5 * distance * distance);
      }
    }
    shapes.add(pairs.mean());
  }
  const double between = means.sample_sd() * means.sample_sd();
  const double total = between + variances.mean();
  return {.parameters = (between - shapes.mean()) / total,
          .shape = shapes.mean() / total,
          .seed = variances.mean() / total};
}

std::vector<Replicates> simulated_replicates(const PlantedShapes& p, std::uint64_t number) {
  std::vector<Replicates> architectures;
  for (std::size_t i = 0; i < p.means.size(); ++i) {
    RandomStream random(7, number, Purpose::bootstrap, static_cast<std::uint32_t>(i));
    architectures.push_back({.parameters = p.parameters[i], .accuracies = {}});
    for (int r = 0; r < p.replicates; ++r) {
      const bool fails = random.uniform() < p.failing[i];
      const double noise = random.normal();
      architectures.back().accuracies.push_back(fails ? kChance : p.means[i] + p.sd * noise);
    }
  }
  return architectures;
}

// `clusters` clusters of four architectures whose parameters differ by at most 4 %; the first is at
// 1000, each next at 1.6 times the size. Accuracy grows by `trend` in total, linearly in
// ln(parameters), and varies between shapes with standard deviation `shape`.
PlantedShapes planted(int clusters, double trend, double shape) {
  PlantedShapes p;
  RandomStream random(8, 0, Purpose::bootstrap);
  const double whole = static_cast<double>(clusters) * std::log(1.6);
  for (int cluster = 0; cluster < clusters; ++cluster) {
    for (int member = 0; member < 4; ++member) {
      const double parameters = 1000.0 * std::pow(1.6, cluster) * (1.0 + 0.013 * member);
      p.parameters.push_back(std::llround(parameters));
      p.means.push_back(0.7 + trend * std::log(parameters / 1000.0) / whole +
                        shape * random.normal());
      p.failing.push_back(0.0);
    }
  }
  return p;
}

struct Outcome {
  Truth truth;
  std::array<int, 3> covered{};  // parameters, shape, seed
  double mean_shape = 0.0;       // of the unclipped estimates
  int simulations = 0;
};

bool covers(const VarianceShare& share, double truth) {
  return share.low <= truth && truth <= share.high;
}

Outcome share_coverage_of(const PlantedShapes& p, int simulations, int bootstrap_samples) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = bootstrap_samples;
  Outcome outcome{.truth = true_shares_of(p), .simulations = simulations};
  for (int s = 0; s < simulations; ++s) {
    settings.seed = static_cast<std::uint64_t>(s);
    const auto effect =
        shape_effect(simulated_replicates(p, static_cast<std::uint64_t>(s)), settings, "simulated");
    outcome.covered[0] += covers(effect.parameters, outcome.truth.parameters);
    outcome.covered[1] += covers(effect.shape, outcome.truth.shape);
    outcome.covered[2] += covers(effect.seed, outcome.truth.seed);
    outcome.mean_shape += effect.unclipped_shape / simulations;
  }
  return outcome;
}

struct Scenario {
  const char* name;
  PlantedShapes planted;
};

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all = {
      {"no shape effect, no trend", planted(10, 0.0, 0.0)},
      {"no shape effect, trend", planted(10, 0.2, 0.0)},
      {"shape effect", planted(10, 0.2, 0.01)},
      {"large shape effect", planted(10, 0.1, 0.05)},
      {"shape effect, 5 replicates", planted(10, 0.2, 0.01)},
      {"shape effect, 8 architectures", planted(2, 0.1, 0.01)},
      {"some shapes fail", planted(10, 0.2, 0.01)},
  };
  all[4].planted.replicates = 5;
  for (std::size_t i = 0; i < all[6].planted.failing.size(); i += 3) {
    all[6].planted.failing[i] = 0.2;
  }
  all[6].planted.replicates = 30;
  return all;
}

// The environment variable MINIMA_SIMULATIONS=500 runs the long form, which prints the values
// quoted in the docs.
TEST(ShapeInvariance, RecoversPlantedSharesWithinItsIntervals) {
  const char* wanted = std::getenv("MINIMA_SIMULATIONS");
  const int simulations = wanted == nullptr ? 60 : std::atoi(wanted);
  for (const Scenario& scenario : scenarios()) {
    const Outcome outcome =
        share_coverage_of(scenario.planted, simulations, wanted == nullptr ? 200 : 1000);
    const double n = simulations;
    if (wanted != nullptr) {
      std::printf(
          "%-30s shape %.4f, mean estimate %.4f; coverage of parameters %.3f, shape %.3f, "
          "seed %.3f\n",
          scenario.name, outcome.truth.shape, outcome.mean_shape, outcome.covered[0] / n,
          outcome.covered[1] / n, outcome.covered[2] / n);
    }
    EXPECT_NEAR(outcome.mean_shape, outcome.truth.shape, 0.02) << scenario.name;
    // 0.95 minus a margin for chance and few replicates.
    for (const int covered : outcome.covered) EXPECT_GE(covered, 0.85 * n) << scenario.name;
  }
}

// Two architectures of equal parameters, by hand: means 0.8 and 0.9, variances 0.0002, n = 2.
// shape = 0.01 / 2 - 0.0001 = 0.0049, between = 0.005 - 0.0001 = 0.0049, total = 0.0051.
TEST(ShapeInvariance, AgreesWithACalculationByHand) {
  const ShapeEffect effect = shape_effect({{.parameters = 100, .accuracies = {0.79, 0.81}},
                                           {.parameters = 100, .accuracies = {0.89, 0.91}},
                                           {.parameters = 200, .accuracies = {0.1, 0.2}}},
                                          {}, "by hand");
  EXPECT_EQ(effect.missing, "");
  EXPECT_EQ(effect.architectures, 2);
  EXPECT_EQ(effect.left_out, 1);
  EXPECT_NEAR(effect.shape.value, 0.0049 / 0.0051, 1e-9);
  EXPECT_NEAR(effect.parameters.value, 0.0, 1e-9);
  EXPECT_NEAR(effect.seed.value, 0.0002 / 0.0051, 1e-9);
  EXPECT_NEAR(effect.total_sd, std::sqrt(0.0051), 1e-9);
  EXPECT_NEAR(effect.shape_sd, std::sqrt(0.0049), 1e-9);
}

TEST(ShapeInvariance, ClipsANegativeFractionAndReportsTheUnclippedOne) {
  const ShapeEffect effect = shape_effect({{.parameters = 100, .accuracies = {0.7, 0.9}},
                                           {.parameters = 100, .accuracies = {0.7, 0.9}}},
                                          {}, "equal");
  EXPECT_EQ(effect.shape.value, 0.0);
  EXPECT_EQ(effect.seed.value, 1.0);
  EXPECT_LT(effect.unclipped_shape, 0.0);
}

TEST(ShapeInvariance, NearlyEqualMeansWithinTheTolerance) {
  const auto left_out = [](std::int64_t parameters) {
    return shape_effect({{.parameters = 1000, .accuracies = {0.7, 0.9}},
                         {.parameters = parameters, .accuracies = {0.7, 0.9}}},
                        {}, "tolerance")
        .left_out;
  };
  EXPECT_EQ(left_out(1050), 0);
  EXPECT_EQ(left_out(1051), 2);
}

std::string missing_of(std::vector<Replicates> architectures) {
  return shape_effect(std::move(architectures), {}, "missing").missing;
}

TEST(ShapeInvariance, ReportsWhyThereIsNoEstimate) {
  const Replicates one{.parameters = 100, .accuracies = {0.5}};
  const Replicates two{.parameters = 100, .accuracies = {0.5, 0.5}};
  const Replicates larger{.parameters = 200, .accuracies = {0.5, 0.6}};
  EXPECT_EQ(missing_of({}), "needs two architectures");
  EXPECT_EQ(missing_of({two}), "needs two architectures");
  EXPECT_EQ(missing_of({one, two}), "needs two architectures with two runs");
  EXPECT_EQ(missing_of({two, larger}),
            "no two architectures have nearly equal numbers of parameters");
  EXPECT_EQ(missing_of({two, two}), "all runs have the same accuracy");
}

TEST(ShapeInvariance, ADivergedRunCountsAsTheLargestClass) {
  Population population = one_dataset();
  for (const char* text : {"dnn 4-5", "dnn 5-4"}) {
    add_run(population, text, 0.9);
    add_run(population, text, std::numeric_limits<double>::quiet_NaN()).result.status =
        record::RunStatus::diverged;
  }
  const ShapeInvariance result = shape_invariance_of(population, selection_of(population), {});
  EXPECT_EQ(result.all.missing, "");
  // The variance of (0.9, 0.1) is 0.32; the means are equal, so `between` is clipped at 0.
  EXPECT_NEAR(result.all.total_sd, std::sqrt(0.32), 1e-9);
}

TEST(ShapeInvariance, IsOnlyForFullyConnectedNetworks) {
  Population population = one_dataset();
  for (int i = 0; i < 2; ++i) {
    add_run(population, "cnn 4", 0.9 + 0.01 * i, 1000);
    add_run(population, "cnn 5", 0.9 + 0.01 * i, 1000);
  }
  const auto result = shape_invariance_of(population, selection_of(population), {});
  EXPECT_EQ(result.all.missing, "only the hidden layers of fully connected networks have a shape");
}

TEST(ShapeInvariance, DependsOnTheSeedOfTheBootstrapAloneAndNotOnTheOrderOfRuns) {
  const PlantedShapes p = planted(3, 0.1, 0.01);
  std::vector<Replicates> architectures = simulated_replicates(p, 1);
  const ShapeEffect first = shape_effect(architectures, {}, "seed");
  std::reverse(architectures.begin(), architectures.end());
  const ShapeEffect second = shape_effect(architectures, {}, "seed");
  EXPECT_EQ(first.shape.low, second.shape.low);
  study::AnalysisSettings other;
  other.seed = 2;
  EXPECT_NE(first.shape.low, shape_effect(architectures, other, "seed").shape.low);
}

}  // namespace
}  // namespace minima::analysis
