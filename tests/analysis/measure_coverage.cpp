// Prints how often the intervals contain the truth.
// usage: measure_coverage [SIMULATIONS [BOOTSTRAP_SAMPLES]]
#include <cstdio>
#include <cstdlib>

#include "coverage.h"

int main(int count, char** arguments) {
  using namespace minima::analysis;
  const int simulations = count > 1 ? std::atoi(arguments[1]) : 500;
  minima::study::AnalysisSettings settings;
  if (count > 2) settings.bootstrap_samples = std::atoi(arguments[2]);
  for (const CoverageDesign& design : coverage_designs()) {
    const PlantedTruth truth = truth_of(design.simulation, settings);
    std::printf(
        "%s (levels of the truth: accuracy %zu spread %zu 50%% %zu 95%% %zu stable %zu over %zu)\n",
        design.name.c_str(), truth.accurate, truth.calm, truth.reliable_50, truth.reliable_95,
        truth.stable, truth.overfitting);
    std::printf("  %-16s %8s %8s %8s %6s %7s %7s %7s\n", "", "covered", "too high", "too low",
                "open", "width", "error", "literal");
    for (const auto& [name, c] : coverage_of(design.simulation, settings, simulations)) {
      const double n = std::max(c.simulations, 1);
      std::printf("  %-16s %7.1f%% %7.1f%% %7.1f%% %5.0f%% %7.1f %+7.2f %+7.2f\n", name.c_str(),
                  100 * c.covered / n, 100 * c.too_high / n, 100 * c.too_low / n, 100 * c.open / n,
                  c.width, c.error, c.plain_error);
    }
    std::fflush(stdout);
  }
}
