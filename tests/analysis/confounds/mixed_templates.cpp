// Two templates in one family: convolutions without pooling are large and still improve, those with
// pooling are small and good. On one size axis the good networks are mixed with worse ones, so a
// criterion "for all larger sizes" fails because of the worse ones.
#include <set>

#include "analysis/convergence/convergence.h"
#include "series_confounds.h"
#include "simulated_population.h"

namespace minima::analysis {
namespace {

constexpr std::int64_t kSufficient = 1160;  // the smallest within one point of its template's limit

Simulation two_templates() {
  Simulation simulation{.family = network::Family::cnn,
                        .levels = {},
                        .replicates = 5,
                        .test_count = 1000,
                        .epochs = 0};
  const auto add = [&](const char* name, std::int64_t parameters, double accuracy, double sd,
                       double failure = 0.0) {
    simulation.levels.push_back({.parameters = parameters,
                                 .accuracy = accuracy,
                                 .sd = sd,
                                 .failure = failure,
                                 .architecture = name});
  };
  add("cnn 1-2 max2", 590, 0.93, 0.010);
  add("cnn 2-4 max2", kSufficient, 0.996, 0.002);
  add("cnn 4-8 max2", 2346, 0.998, 0.001);
  add("cnn 8-16 max2", 5258, 0.998, 0.001);
  add("cnn 16-32 max2", 12'810, 0.998, 0.001);
  add("cnn 1", 6780, 0.60, 0.100, 0.3);
  add("cnn 2", 13'550, 0.84, 0.030);
  add("cnn 4", 27'090, 0.91, 0.020);
  add("cnn 8", 54'170, 0.94, 0.010);
  return simulation;
}

/// Regimes of the whole family on one size axis.
bool unstable_on_one_axis(const Population& population, const Convergence& convergence) {
  const Selection family = selections_of(population)[0];
  const Regimes regimes =
      regimes_of(population, family, convergence.datasets[0].target, convergence.settings);
  return regimes.levels[2].regime == Regime::unstable;
}

std::vector<ConfoundResult> simulate_mixed(int populations, std::uint64_t seed) {
  ConfoundResult unstable{.conclusion = "a network of 99.8 % is called unstable",
                          .populations = populations,
                          .wrong_before = 0};
  ConfoundResult size{.conclusion = "P_min is more than twice what the good template needs",
                      .populations = populations,
                      .wrong_before = 0};
  ConfoundResult interval{.conclusion = "the interval of the good template's P_min misses it",
                          .populations = populations};
  ConfoundResult fall{.conclusion = "a template is said to fall with size",
                      .populations = populations};
  for (int i = 0; i < populations; ++i) {
    study::AnalysisSettings settings;
    settings.seed = seed * 100'000 + static_cast<std::uint64_t>(i);
    settings.bootstrap_samples = 100;
    const Population population = simulate(two_templates(), settings.seed).population;
    const Convergence convergence = convergence_of(population, settings);
    const SeriesConvergence& pooled = convergence.series.at(1);
    if (pooled.regimes.levels[2].regime == Regime::unstable) ++unstable.wrong;
    if (unstable_on_one_axis(population, convergence)) ++*unstable.wrong_before;
    const auto misses = [](const SizeEstimate& found) {
      return found.has_interval &&
             (!found.low || *found.low > kSufficient || (found.high && *found.high < kSufficient));
    };
    if (misses(pooled.minimal.size)) ++interval.wrong;
    const auto is_large = [](const std::optional<std::int64_t>& parameters) {
      return parameters && *parameters > 2 * kSufficient;
    };
    if (is_large(pooled.minimal.size.parameters)) ++size.wrong;
    if (is_large(convergence.families[0].literal.size_for_accuracy.parameters)) {
      ++*size.wrong_before;
    }
    for (const SeriesConvergence& series : convergence.series) {
      if (series.minimal.order.rejected) {
        ++fall.wrong;
        break;
      }
    }
  }
  return {unstable, size, interval, fall};
}

}  // namespace

Confound mixed_templates() {
  return {.name = "mixed templates",
          .planted = "a good small template among larger worse ones; 5 runs, 1,000 test images",
          .simulate = simulate_mixed};
}

}  // namespace minima::analysis
