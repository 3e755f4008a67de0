// Populations with a planted truth, to compare the results of analyses with it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "analysis/population/population.h"
#include "core/numbers/random.h"
#include "record/run_result.h"
#include "record/run_row.h"

namespace minima::analysis {

/// The truth about the runs of one architecture. Accuracies are fractions.
struct SimulatedLevel {
  std::int64_t parameters = 0;
  double accuracy = 0.9;          ///< mean test accuracy of runs that do not fail
  double sd = 0.005;              ///< its standard deviation over replicates (normal)
  double failure = 0.0;           ///< probability that a run always predicts one class
  double divergence = 0.0;        ///< probability that a run ends in NaN; in addition to the above
  double gap = 0.0;               ///< training minus test accuracy
  double turned = 0.0;            ///< probability that the test loss turns and rises again
  std::string architecture = {};  ///< "dnn <index + 1>" when empty: one series

  /// Mean accuracy over all runs; a failed run predicts a class of fraction `chance`.
  [[nodiscard]] double mean_of_all(double chance) const {
    const double lost = failure + divergence;
    return (1 - lost) * accuracy + lost * chance;
  }
  [[nodiscard]] double sd_of_all(double chance) const {
    const double lost = failure + divergence;
    return std::sqrt((1 - lost) * sd * sd +
                     lost * (1 - lost) * (accuracy - chance) * (accuracy - chance));
  }
};

/// A study of one family on one dataset of ten equal classes.
struct Simulation {
  std::string dataset = "planted";
  network::Family family = network::Family::dnn;
  std::vector<SimulatedLevel> levels;
  int replicates = 10;
  double chance = 0.1;
  std::int64_t train_count = 50'000;
  std::int64_t test_count = 10'000;
  int epochs = 20;          ///< 0: no histories
  int descent_end = 4;      ///< epoch at which the fast descent ends
  int refinement_end = 14;  ///< epoch at which the plateau begins
  int turn = 10;            ///< epoch of the minimum test loss of a run that turns
  /// Standard deviation of each size's offset from the accuracy of its level, as if due to its
  /// shape; 0 for the largest size. Redrawn for every seed.
  double uneven = 0.0;
  /// Simulates sampled test images: adds an error of binomial variance to all runs of a level, half
  /// of which is shared by all levels.
  bool sampled_images = false;
  double limit = 0.0;  ///< limit of accuracy for large networks; 0: that of the largest size
};

/// A population and the outcome of each of its runs.
struct Simulated {
  Population population;
  std::vector<std::size_t> level;  ///< per run: index into Simulation::levels
  std::vector<bool> failed;        ///< per run: predicts one class, or diverged
};

/// `count` sizes from `first` to `last`, equally spaced on the logarithmic scale.
inline std::vector<std::int64_t> logarithmic_sizes(int count, double first, double last) {
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < count; ++i) {
    const double share = count == 1 ? 0.0 : static_cast<double>(i) / (count - 1);
    sizes.push_back(std::llround(first * std::pow(last / first, share)));
  }
  return sizes;
}

/// A typical population: accuracy saturates, standard deviation and failures decrease, the gap
/// grows, and beyond `overfit_from` the test loss turns. `half` is the size, in parameters, at
/// which half of the accuracy above chance is reached.
struct SizeCurve {
  double ceiling = 0.97;
  double half = 300;
  double rise = 1.2;             ///< exponent of the approach to the ceiling
  double sd_floor = 0.002;       ///< standard deviation of large networks
  double sd_at_half = 0.05;      ///< additional at `half`; falls with the square of the size
  double failure_at_half = 0.3;  ///< falls with the cube of the exponential of the size
  double gap_per_decade = 0.02;  ///< beyond `overfit_from`
  double overfit_from = 30'000;
};

inline SimulatedLevel level_of(const SizeCurve& curve, std::int64_t parameters,
                               double chance = 0.1) {
  const double size = static_cast<double>(parameters) / curve.half;
  const double decades = std::log10(static_cast<double>(parameters) / curve.overfit_from);
  SimulatedLevel level;
  level.parameters = parameters;
  level.accuracy = curve.ceiling - (curve.ceiling - chance) / (1 + std::pow(size, curve.rise));
  level.sd = curve.sd_floor + curve.sd_at_half / (size * size + 0.1);
  level.failure = curve.failure_at_half * std::exp(1 - size);
  level.failure = std::min(level.failure, 0.9);
  level.gap = curve.gap_per_decade * (std::max(decades, -1.0) + 1.0);
  level.turned = 1 / (1 + std::exp(-6 * decades));
  return level;
}

inline Simulation simulation_of(const SizeCurve& curve, const std::vector<std::int64_t>& sizes,
                                int replicates) {
  Simulation simulation;
  simulation.replicates = replicates;
  for (const std::int64_t size : sizes) simulation.levels.push_back(level_of(curve, size));
  return simulation;
}

namespace simulated {

// Progress of a run from 0 to 1: up to 0.85 in the fast descent, the rest in the refinement.
inline double progress(const Simulation& simulation, int epoch) {
  if (epoch <= simulation.descent_end) return 0.85 * epoch / simulation.descent_end;
  if (epoch >= simulation.refinement_end) return 1.0;
  return 0.85 + 0.15 * (epoch - simulation.descent_end) /
                    (simulation.refinement_end - simulation.descent_end);
}

inline void add_history(const Simulation& simulation, bool failed, bool turned,
                        RandomStream& stream, record::RunResult& result) {
  const double start = std::log(10.0);  // loss of guessing among ten classes
  for (int e = 1; e <= simulation.epochs; ++e) {
    const double way = failed ? 0.0 : progress(simulation, e);
    record::EpochRecord epoch;
    epoch.epoch = e;
    epoch.learning_rate = 0.001;
    epoch.train_loss = start + way * (result.train_loss - start) + 0.001 * stream.normal();
    epoch.test_loss = start + way * (result.test_loss - start);
    if (turned) {  // 1/1.5 of the final loss at the turn
      const double least = result.test_loss / 1.5;
      const double before = std::min(1.0, static_cast<double>(e) / simulation.turn);
      const double after = std::max(0, e - simulation.turn) /
                           static_cast<double>(simulation.epochs - simulation.turn);
      epoch.test_loss = start + before * (least - start) + after * (result.test_loss - least);
    }
    epoch.train_accuracy = simulation.chance + way * (result.train_accuracy - simulation.chance);
    epoch.test_accuracy = simulation.chance + way * (result.test_accuracy - simulation.chance);
    epoch.predicted_classes = failed ? 1 : 10;
    epoch.top_class_share = failed ? 1.0 : 0.1;
    epoch.layers = {{.gradient_norm = failed ? 0.0 : 0.1, .units = 8, .dead_units = failed ? 8 : 0},
                    {.gradient_norm = 0.1, .units = 10, .dead_units = 0}};
    result.history.push_back(std::move(epoch));
  }
}

inline record::RunResult result_of(const Simulation& simulation, const SimulatedLevel& level,
                                   RandomStream& stream, bool& failed) {
  record::RunResult result;
  const double fate = stream.uniform();
  const double test = level.accuracy + level.sd * stream.normal();
  const bool turned = stream.uniform() < level.turned;
  result.epochs = simulation.epochs;
  result.seconds = 1.0;
  failed = fate < level.failure + level.divergence;
  if (fate < level.divergence) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    result.status = record::RunStatus::diverged;
    result.diverged_step = 17;
    result.epochs = 0;
    result.train_loss = result.test_loss = result.train_accuracy = result.test_accuracy = nan;
    return result;
  }
  const double images = static_cast<double>(simulation.test_count);
  const double kept = std::clamp(test, 0.0, 1.0);
  result.status = record::RunStatus::finished;
  result.test_accuracy = failed ? simulation.chance : std::round(kept * images) / images;
  result.train_accuracy = failed ? simulation.chance : std::min(1.0, kept + level.gap);
  result.train_loss = failed ? std::log(10.0) : 0.02 + 2 * (1 - result.train_accuracy);
  result.test_loss = failed ? std::log(10.0) : 0.02 + 2 * (1 - result.test_accuracy);
  add_history(simulation, failed, turned && !failed, stream, result);
  return result;
}

}  // namespace simulated

/// Draws a population; each seed gives another one with the same truth.
inline Simulated simulate(const Simulation& simulation, std::uint64_t seed) {
  Simulated simulated;
  simulated.population.study.name = "simulated";
  simulated.population.datasets.push_back({.name = simulation.dataset,
                                           .problem = {{1, 28, 28}, 10},
                                           .train_count = simulation.train_count,
                                           .test_count = simulation.test_count,
                                           .majority_share = simulation.chance});
  const double shared = RandomStream(seed, subject_of("images"), Purpose::random_design).normal();
  for (std::size_t l = 0; l < simulation.levels.size(); ++l) {
    SimulatedLevel level = simulation.levels[l];
    RandomStream stream(seed, subject_of(subject_of("simulated"), l), Purpose::random_design);
    const double shape = stream.normal();
    if (l + 1 < simulation.levels.size()) level.accuracy += simulation.uneven * shape;
    if (simulation.sampled_images) {
      const double variance =
          level.accuracy * (1 - level.accuracy) / 2 / static_cast<double>(simulation.test_count);
      level.accuracy += std::sqrt(variance) * (shared + stream.normal());
    }
    for (int replicate = 0; replicate < simulation.replicates; ++replicate) {
      bool failed = false;
      record::RunRow run;
      run.id = std::to_string(simulated.population.runs.size());
      run.dataset = simulation.dataset;
      run.family = simulation.family;
      run.architecture = level.architecture.empty() ? fmt::format("{} {}", simulation.family, l + 1)
                                                    : level.architecture;
      run.parameters = level.parameters;
      run.replicate = replicate;
      run.result = simulated::result_of(simulation, level, stream, failed);
      simulated.population.runs.push_back(std::move(run));
      simulated.level.push_back(l);
      simulated.failed.push_back(failed);
    }
  }
  return simulated;
}

}  // namespace minima::analysis
