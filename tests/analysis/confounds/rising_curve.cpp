// A series whose largest network is well below what larger ones would reach. A rule that compares
// every size with the largest trained one always finds a "smallest sufficient size", at worst the
// largest one itself.
#include "analysis/sizes/literal_sizes.h"
#include "analysis/sizes/minimal_parameters.h"
#include "series_confounds.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

/// error = 0.25 (P / 1000)^-b + 0.02 at seven sizes, each twice the previous one.
Simulation power_law(double exponent) {
  Simulation simulation{.levels = {}, .replicates = 5, .test_count = 10'000, .epochs = 0};
  for (int i = 0; i < 7; ++i) {
    const std::int64_t parameters = 1000LL << i;
    const double error = 0.25 * std::pow(1 << i, -exponent) + 0.02;
    simulation.levels.push_back(
        {.parameters = parameters, .accuracy = 1 - error, .sd = 0.003 + 0.02 * error});
  }
  return simulation;
}

struct Calls {
  int found = 0;
  int found_before = 0;
};

Calls calls_of(const Simulation& simulation, int populations, std::uint64_t seed) {
  Calls calls;
  for (int i = 0; i < populations; ++i) {
    const std::uint64_t draw = seed * 100'000 + static_cast<std::uint64_t>(i);
    const Population population = simulate(simulation, draw).population;
    study::AnalysisSettings settings;
    settings.seed = draw;
    settings.bootstrap_samples = 100;
    const Selection selection = selections_of(population)[0];
    const auto minimal = minimal_parameters_of(population, selection, settings);
    if (minimal.status == MinimalStatus::found) ++calls.found;
    if (literal_sizes_of(population, selection, settings).size.parameters) ++calls.found_before;
  }
  return calls;
}

std::vector<ConfoundResult> simulate_rising(int populations, std::uint64_t seed) {
  // Remaining gain at the largest size: 0.25 * 64^-0.5 = 3.1 points, 0.25 * 64^-0.75 = 1.1 points.
  const Calls slow = calls_of(power_law(0.5), populations, seed);
  const Calls fast = calls_of(power_law(0.75), populations, seed + 1);
  // 0.25 * 64^-1.6 = 0.03 points: flat.
  const Calls flat = calls_of(power_law(1.6), populations, seed + 2);
  return {{.conclusion = "P_min found with 3.1 points left to gain",
           .populations = populations,
           .wrong = slow.found,
           .wrong_before = slow.found_before},
          {.conclusion = "P_min found with 1.1 points left to gain",
           .populations = populations,
           .wrong = fast.found,
           .wrong_before = fast.found_before},
          {.conclusion = "no P_min although the end is flat (power)",
           .populations = populations,
           .wrong = populations - flat.found,
           .nominal = 0.2,
           .wrong_before = populations - flat.found_before}};
}

}  // namespace

Confound rising_curve() {
  return {.name = "rising curve",
          .planted = "power laws of error; 7 sizes x 5 runs, 10,000 test images",
          .simulate = simulate_rising};
}

}  // namespace minima::analysis
