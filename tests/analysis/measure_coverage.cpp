// Prints how often the intervals contain the truth.
// usage: measure_coverage [SIMULATIONS [BOOTSTRAP_SAMPLES [DESIGN]]], a design by its number from 0
#include <cstdio>
#include <cstdlib>

#include "coverage.h"

namespace {

using namespace minima::analysis;

void print(const CoverageDesign& design, const minima::study::AnalysisSettings& settings,
           int simulations) {
  const PlantedTruth truth = truth_of(design.simulation, settings);
  std::printf(
      "%s\n  true levels: accuracy %zu, spread %zu, 50 %% %zu, 95 %% %zu, stable %zu, over %zu\n",
      design.name.c_str(), truth.accurate, truth.calm, truth.reliable_50, truth.reliable_95,
      truth.stable, truth.overfitting);
  std::printf("  %-16s %8s %8s %8s %6s %7s %9s %7s %7s\n", "", "covered", "too high", "too low",
              "open", "width", "answered", "error", "literal");
  for (const auto& [name, c] : coverage_of(design.simulation, settings, simulations)) {
    const double percent = 100.0 / std::max(c.simulations, 1);
    std::printf("  %-16s %7.1f%% %7.1f%% %7.1f%% %5.0f%% %7.1f %8.0f%% %+7.2f %+7.2f\n",
                name.c_str(), percent * c.covered, percent * c.too_high, percent * c.too_low,
                percent * c.open, c.width, percent * c.estimates, c.error, c.plain_error);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const int simulations = count > 1 ? std::atoi(arguments[1]) : 500;
  minima::study::AnalysisSettings settings;
  if (count > 2) settings.bootstrap_samples = std::atoi(arguments[2]);
  std::vector<CoverageDesign> designs = coverage_designs();
  designs.push_back(rare_failures());
  for (std::size_t i = 0; i < designs.size(); ++i) {
    if (count > 3 && static_cast<std::size_t>(std::atoi(arguments[3])) != i) continue;
    print(designs[i], settings, simulations);
  }
}
