// First, fully connected networks that differ in depth, and shapes whose true standard deviation
// equals the tolerance. Neither may be called equivalent, and an effect of depth may not be
// attributed to shape, nor may one of the activation. The old rule compared neighbours in size of
// any depth, and multiplied the interval of a fraction of the variance by a standard deviation
// taken as known. Second, shapes that differ only by the few images they are tested on. The old
// rule took these for differences between shapes.
#include <cmath>
#include <numbers>
#include <optional>

#include "analysis/claims/claim_tests.h"
#include "analysis/convergence/shape_invariance.h"
#include "analysis/convergence/shape_spread.h"
#include "confound.h"
#include "core/numbers/random.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

constexpr double kTolerance = 0.01;
constexpr double kMean = 0.9;

struct PlantedDepths {
  int architectures = 8;
  int depths = 1;
  double shape_sd = 0.0;      // between shapes of one depth
  double depth_effect = 0.0;  // between successive depths
  double seed_sd = 0.006;
  int replicates = 5;
  int test_images = 0;  // 0: no image variance
};

std::vector<ShapedNetwork> networks_of_shapes(const PlantedDepths& planted, RandomStream& random) {
  std::vector<ShapedNetwork> networks;
  // Half of the image variance is common to all networks and shifts all means alike.
  const double image_sd =
      planted.test_images > 0 ? std::sqrt(0.5 * kMean * (1.0 - kMean) / planted.test_images) : 0.0;
  const double common = image_sd * random.normal();
  for (int i = 0; i < planted.architectures; ++i) {
    const int depth = 1 + i % planted.depths;
    const double mean = kMean + common + planted.depth_effect * depth +
                        std::hypot(planted.shape_sd, image_sd) * random.normal();
    ShapedNetwork network{.parameters = 10'000 + 20 * i, .depth = depth, .accuracies = {}};
    for (int r = 0; r < planted.replicates; ++r) {
      network.accuracies.push_back(mean + planted.seed_sd * random.normal());
    }
    networks.push_back(std::move(network));
  }
  return networks;
}

/// -1: the spread is shown to be below the tolerance; 1: above; 0: neither.
int verdict_of(const std::vector<ShapedNetwork>& networks, std::int64_t images) {
  const ShapeSpread spread = shape_spread(networks, images, kTolerance, 0.95);
  if (!spread.missing.empty()) return 0;
  if (2.0 * spread.p_of_large <= 0.05) return -1;
  return 2.0 * spread.p_of_small <= 0.05 ? 1 : 0;
}

/// A two-sided p-value from an interval, for a normal error with the interval's half-width on the
/// side of the bound.
double p_of_interval(double effect, double low, double high, double bound,
                     const study::AnalysisSettings& settings) {
  const double z = normal_score((1.0 - settings.confidence) / 2);
  const double error = (effect < bound ? high - effect : effect - low) / z;
  const double least = 1.0 / (settings.permutations + 1);
  if (error <= 0.0) return effect == bound ? 1.0 : least;
  return std::max(least, std::erfc(std::abs(effect - bound) / error / std::numbers::sqrt2));
}

int verdict_before(const std::vector<ShapedNetwork>& networks, std::uint64_t seed) {
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 200;
  settings.seed = seed;
  std::vector<Replicates> replicates;
  for (const auto& each : networks) replicates.push_back({each.parameters, each.accuracies});
  const ShapeEffect effect = shape_effect(std::move(replicates), settings, "confound");
  if (!effect.missing.empty()) return 0;
  const double sd = std::sqrt(effect.shape.value) * effect.total_sd;
  const double low = std::sqrt(effect.shape.low) * effect.total_sd;
  const double high = std::sqrt(effect.shape.high) * effect.total_sd;
  if (p_of_interval(sd, low, high, kTolerance, settings) > 0.05) return 0;
  return sd < kTolerance ? -1 : 1;
}

ConfoundResult shape_rate(const std::string& conclusion, const PlantedDepths& planted,
                          int populations, std::uint64_t seed, double nominal, int wrong) {
  ConfoundResult result{
      .conclusion = conclusion, .populations = populations, .nominal = nominal, .wrong_before = 0};
  for (int i = 0; i < populations; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    RandomStream random(seed, number, Purpose::random_design, 42);
    const auto networks = networks_of_shapes(planted, random);
    const auto is_wrong = [&](int verdict) { return wrong == 0 ? verdict != 0 : verdict == wrong; };
    result.wrong += is_wrong(verdict_of(networks, planted.test_images)) ? 1 : 0;
    const int before =
        planted.test_images > 0 ? verdict_of(networks, 0) : verdict_before(networks, number);
    *result.wrong_before += is_wrong(before) ? 1 : 0;
  }
  return result;
}

/// Equal shapes of which every second one has another activation, which is better by 3 points.
Population shapes_of_two_activations(RandomStream& random) {
  Population population;
  population.datasets.push_back({.name = "planted",
                                 .problem = {{1, 8, 8}, 10},
                                 .train_count = 10'000,
                                 .test_count = 10'000,
                                 .majority_share = 0.1});
  for (int i = 0; i < 16; ++i) {
    const bool is_gelu = i % 2 == 0;
    for (int r = 0; r < 5; ++r) {
      record::RunRow run{.id = std::to_string(16 * r + i)};
      run.dataset = "planted";
      run.family = network::Family::dnn;
      run.architecture = "dnn " + std::to_string(10 + i) + "-10" + (is_gelu ? " gelu" : "");
      run.parameters = 10'000 + 20 * i;
      run.result.status = record::RunStatus::finished;
      run.result.test_accuracy = kMean + (is_gelu ? 0.03 : 0.0) + 0.006 * random.normal();
      population.runs.push_back(std::move(run));
    }
  }
  return population;
}

/// The old rule compared all dense networks of a dataset.
ConfoundResult activation_rate(int populations, std::uint64_t seed) {
  ConfoundResult result{.conclusion = "shape matters, where only the activation does",
                        .populations = populations,
                        .nominal = 0.025,
                        .wrong_before = 0};
  for (int i = 0; i < populations; ++i) {
    RandomStream random(seed, static_cast<std::uint64_t>(i), Purpose::random_design, 44);
    Population population = shapes_of_two_activations(random);
    const Selection all = selections_of(population).front();
    result.wrong += verdict_of(large_shapes(population, all), 0) == 1 ? 1 : 0;
    for (record::RunRow& run : population.runs) {
      run.architecture = run.architecture.substr(0, run.architecture.find(" gelu"));
    }
    *result.wrong_before += verdict_of(large_shapes(population, all), 0) == 1 ? 1 : 0;
  }
  return result;
}

ConfoundResult coverage(const PlantedDepths& planted, int populations, std::uint64_t seed) {
  ConfoundResult result{.conclusion = "the interval of the spread misses it, " +
                                      std::to_string(planted.architectures) + " architectures",
                        .populations = populations,
                        .nominal = 0.05};
  for (int i = 0; i < populations; ++i) {
    RandomStream random(seed, static_cast<std::uint64_t>(i), Purpose::random_design, 43);
    const ShapeSpread spread =
        shape_spread(networks_of_shapes(planted, random), 0, kTolerance, 0.95);
    result.wrong += planted.shape_sd < spread.low || planted.shape_sd > spread.high ? 1 : 0;
  }
  return result;
}

}  // namespace

Confound shapes_of_other_depth() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    std::vector<ConfoundResult> results;
    const PlantedDepths depth{.architectures = 8, .depths = 2, .depth_effect = 0.03};
    results.push_back(
        shape_rate("shape matters, where only depth does", depth, populations, seed, 0.025, 1));
    results.push_back(activation_rate(populations, seed));
    for (const int count : {2, 4, 6, 8}) {
      const PlantedDepths edge{.architectures = count, .shape_sd = kTolerance};
      results.push_back(shape_rate(
          "a spread at the tolerance is decided, " + std::to_string(count) + " architectures", edge,
          populations, seed, 0.05, 0));
    }
    const PlantedDepths noisy{.shape_sd = kTolerance, .seed_sd = 0.02, .replicates = 2};
    results.push_back(shape_rate("a spread at the tolerance is decided, two noisy replicates",
                                 noisy, populations, seed, 0.05, 0));
    for (const int images : {200, 1000}) {
      const PlantedDepths planted{.architectures = 20, .test_images = images};
      results.push_back(shape_rate(
          "shape matters, where " + std::to_string(images) + " test images make the difference",
          planted, populations, seed, 0.025, 1));
    }
    for (const int count : {6, 8}) {
      results.push_back(coverage({.architectures = count, .shape_sd = 0.015}, populations, seed));
    }
    return results;
  };
  return {"shapes",
          "networks that differ in depth, activation or test images only, or whose spread is the "
          "tolerance",
          simulate};
}

}  // namespace minima::analysis
