// Measures the coverage of intervals: populations are drawn repeatedly from a planted truth and
// analysed.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/convergence/regimes.h"
#include "analysis/convergence/reliability.h"
#include "analysis/population/answer.h"
#include "analysis/sizes/literal_sizes.h"
#include "analysis/sizes/minimal_parameters.h"
#include "simulated_population.h"

namespace minima::analysis {

/// A quantity of one simulation: the first level of the truth, and the estimate.
struct Trial {
  std::size_t truth = 0;  ///< index of a level; number of levels: none
  SizeEstimate found;
};

struct Coverage {
  int simulations = 0;
  int covered = 0;
  int too_high = 0;          ///< the interval begins above the truth
  int too_low = 0;           ///< the interval ends below the truth
  int open = 0;              ///< the interval ends above the largest trained size
  double width = 0.0;        ///< mean number of levels in the interval
  int withheld = 0;          ///< no interval given; not counted above
  int estimates = 0;         ///< number of intervals with an estimate
  double error = 0.0;        ///< mean distance of these from the truth, in levels
  double plain_error = 0.0;  ///< error of the literal definition
};

namespace planted {

inline double normal_tail_above(double x, double mean, double sd) {
  return 0.5 * std::erfc((x - mean) / sd / std::sqrt(2.0));
}

/// The first level from which `holds` is true up to the last level.
inline std::size_t from(const Simulation& simulation,
                        const std::function<bool(const SimulatedLevel&)>& holds) {
  std::size_t first = simulation.levels.size();
  while (first > 0 && holds(simulation.levels[first - 1])) --first;
  return first;
}

/// Probability that a run reaches the threshold; for uneven sizes, of a random architecture.
inline double success(const Simulation& simulation, const SimulatedLevel& level, double threshold) {
  const bool largest = &level == &simulation.levels.back();
  const double sd = std::hypot(level.sd, largest ? 0.0 : simulation.uneven);
  return (1 - level.failure - level.divergence) * normal_tail_above(threshold, level.accuracy, sd);
}

}  // namespace planted

/// The truth of a simulation under `settings`; levels are given by index.
struct PlantedTruth {
  std::size_t accurate = 0;
  std::size_t calm = 0;
  std::size_t minimal = 0;
  std::size_t reliable_50 = 0;
  std::size_t reliable_95 = 0;
  std::size_t stable = 0;
  std::size_t overfitting = 0;
  double target = 0.0;   ///< accuracy of a success, passed to the analysis
  double skilled = 0.0;  ///< accuracy for the skill of a successful run
};

/// For simulations whose accuracy does not fall with size.
inline PlantedTruth truth_of(const Simulation& simulation,
                             const study::AnalysisSettings& settings) {
  const double chance = simulation.chance;
  const double best = std::max(simulation.levels.back().mean_of_all(chance), simulation.limit);
  const double near = best - settings.accuracy_tolerance;
  const auto from = [&](const auto& holds) { return planted::from(simulation, holds); };
  PlantedTruth truth;
  truth.accurate = from([&](const auto& level) { return level.mean_of_all(chance) >= near; });
  truth.calm =
      from([&](const auto& level) { return level.sd_of_all(chance) <= settings.spread_tolerance; });
  truth.minimal = std::max(truth.accurate, truth.calm);
  truth.reliable_50 =
      from([&](const auto& l) { return planted::success(simulation, l, near) >= 0.5; });
  truth.reliable_95 =
      from([&](const auto& l) { return planted::success(simulation, l, near) >= 0.95; });
  truth.target = near;
  truth.skilled = chance + settings.least_skill * (best - chance);
  truth.stable = from([&](const auto& level) {
    return planted::success(simulation, level, truth.skilled) >= settings.reliability &&
           level.sd <= settings.spread_tolerance;
  });
  const std::size_t turned = from([&](const auto& level) {
    const double kept = (1 - level.failure / (1 - level.divergence));
    return kept * level.gap >= settings.gap_tolerance &&
           kept * level.turned >= settings.turned_share;
  });
  truth.overfitting = std::max({truth.stable, truth.accurate, turned});
  return truth;
}

/// The index of the level with `parameters`; the number of levels if there is none.
inline std::size_t level_at(const Simulation& simulation, std::optional<std::int64_t> parameters) {
  std::size_t level = 0;
  while (level < simulation.levels.size() &&
         (!parameters || simulation.levels[level].parameters != *parameters)) {
    ++level;
  }
  return level;
}

inline void add_trial(const Simulation& simulation, const Trial& trial, Coverage& coverage) {
  if (!trial.found.has_interval) {
    ++coverage.withheld;
    return;
  }
  const std::size_t low = level_at(simulation, trial.found.low);
  const std::size_t high = level_at(simulation, trial.found.high);
  const auto distance = [&](std::optional<std::int64_t> parameters) {
    return static_cast<double>(level_at(simulation, parameters)) - static_cast<double>(trial.truth);
  };
  ++coverage.simulations;
  if (low > trial.truth) ++coverage.too_high;
  if (high < trial.truth) ++coverage.too_low;
  if (low <= trial.truth && trial.truth <= high) ++coverage.covered;
  if (high == simulation.levels.size()) ++coverage.open;
  coverage.width += static_cast<double>(high - low + 1);
  if (trial.found.parameters) {
    ++coverage.estimates;
    coverage.error += distance(trial.found.parameters);
  }
  coverage.plain_error += distance(trial.found.plain);
}

/// By name of the quantity, in a fixed order.
using Coverages = std::vector<std::pair<std::string, Coverage>>;

inline Coverages coverage_of(const Simulation& simulation, study::AnalysisSettings settings,
                             int simulations) {
  const PlantedTruth truth = truth_of(simulation, settings);
  Coverages coverages = {{"P_min, literal", {}}, {"P_min", {}},         {"spread", {}},
                         {"50 % reliable", {}},  {"95 % reliable", {}}, {"stable", {}},
                         {"overfitting", {}}};
  for (int seed = 1; seed <= simulations; ++seed) {
    settings.seed = static_cast<std::uint64_t>(seed);
    const Simulated simulated = simulate(simulation, settings.seed);
    const Selection selection = selections_of(simulated.population)[0];
    const auto minimal = minimal_parameters_of(simulated.population, selection, settings);
    const auto literal = literal_sizes_of(simulated.population, selection, settings);
    const Target target{.accuracy = truth.target, .skilled_accuracy = truth.skilled};
    const auto reliability = reliability_of(simulated.population, selection, target, settings);
    const auto regimes = regimes_of(simulated.population, selection, target, settings);
    const Trial trials[] = {{truth.minimal, literal.size},
                            {truth.accurate, minimal.size},
                            {truth.calm, literal.size_for_spread},
                            {truth.reliable_50, reliability.sizes[0].size},
                            {truth.reliable_95, reliability.sizes[1].size},
                            {truth.stable, regimes.stable_from},
                            {truth.overfitting, regimes.overfitting_from}};
    for (std::size_t i = 0; i < coverages.size(); ++i) {
      add_trial(simulation, trials[i], coverages[i].second);
    }
  }
  for (auto& [name, coverage] : coverages) {
    const double n = std::max(coverage.simulations, 1);
    coverage.width /= n;
    coverage.error /= std::max(coverage.estimates, 1);
    coverage.plain_error /= n;
  }
  return coverages;
}

struct CoverageDesign {
  std::string name;
  Simulation simulation;
  /// The standard deviation depends on failures rarer than the runs can show: its interval is too
  /// low.
  bool unseen_failures = false;
};

/// All conditions are missed or met by a minimal margin at all sizes: the least favourable truth.
inline Simulation steps(int sizes, int replicates) {
  Simulation simulation;
  simulation.replicates = replicates;
  const std::vector<std::int64_t> parameters = logarithmic_sizes(sizes, 50, 1e6);
  for (int i = 0; i < sizes; ++i) {
    const double side = i < sizes / 2 ? -1 : 1;
    simulation.levels.push_back({.parameters = parameters[static_cast<std::size_t>(i)],
                                 .accuracy = 0.92 + 0.0003 * side,
                                 .sd = 0.01 - 0.0001 * side,
                                 .gap = 0.01 + 0.0002 * side,
                                 .turned = 0.5 + 0.02 * side});
  }
  simulation.levels.back().accuracy = 0.93;
  return simulation;
}

/// The largest size is 2.2 points below the limit: no trained size is sufficient.
inline Simulation rising() {
  Simulation simulation{.levels = {}, .replicates = 5, .sampled_images = true, .limit = 0.97};
  for (int i = 0; i < 8; ++i) {
    const double error = 0.25 * std::pow(1 << i, -0.5) + 0.03;
    simulation.levels.push_back(
        {.parameters = 1000LL << i, .accuracy = 1 - error, .sd = 0.003, .turned = 0.0});
  }
  return simulation;
}

/// Designs for which the intervals guarantee their confidence.
inline std::vector<CoverageDesign> coverage_designs() {
  SizeCurve steep;
  SizeCurve slow;  // many sizes lie near the bound
  slow.rise = 0.8;
  slow.half = 100;
  slow.sd_at_half = 2.0;
  slow.failure_at_half = 0.2;
  SizeCurve noisy = slow;
  noisy.sd_floor = 0.006;
  Simulation uneven = simulation_of(slow, logarithmic_sizes(120, 50, 1e6), 10);
  uneven.uneven = 0.005;
  Simulation few_images = simulation_of(steep, logarithmic_sizes(10, 50, 1e6), 5);
  few_images.test_count = 1000;
  few_images.sampled_images = true;
  return {{"10 sizes x 5", simulation_of(steep, logarithmic_sizes(10, 50, 1e6), 5), true},
          {"30 sizes x 3", simulation_of(steep, logarithmic_sizes(30, 50, 1e6), 3), true},
          {"10 sizes x 5, 1,000 images", few_images, true},
          {"8 sizes x 5, still rising", rising(), true},
          {"40 sizes x 10", simulation_of(slow, logarithmic_sizes(40, 50, 1e6), 10)},
          {"40 sizes x 5, noisy", simulation_of(noisy, logarithmic_sizes(40, 50, 1e6), 5)},
          {"120 sizes x 5", simulation_of(noisy, logarithmic_sizes(120, 50, 1e6), 5)},
          {"120 sizes x 30", simulation_of(slow, logarithmic_sizes(120, 50, 1e6), 30)},
          {"120 sizes x 10, uneven", uneven},
          {"64 sizes x 5, steps", steps(64, 5)},
          {"32 sizes x 30, steps", steps(32, 30)}};
}

/// A design for which the intervals of the standard deviation, and thus of P_min, guarantee
/// nothing: failures decrease slowly, so most sizes have some that their few runs do not show.
inline CoverageDesign rare_failures() {
  Simulation simulation = simulation_of({}, logarithmic_sizes(40, 50, 1e6), 10);
  for (SimulatedLevel& level : simulation.levels) {
    level.failure = 0.2 / (1 + static_cast<double>(level.parameters) / 100);
  }
  return {"40 sizes x 10, rare failures", simulation, true};
}

}  // namespace minima::analysis
