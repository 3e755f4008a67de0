// Redundancy grows with the number of parameters and does not depend on depth. But at equal width
// the deeper network has more parameters. The old rule compared only equal widths, so it found that
// deeper networks tolerate more pruning.
#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/claims/claim_tests.h"
#include "compressed_confound.h"
#include "planted_variants.h"

namespace minima::analysis {
namespace {

constexpr int kDepthReplicates = 3;
constexpr int kInputs = 64;
constexpr int kClasses = 10;
constexpr double kDense = 0.95;

std::int64_t parameters_of(int depth, int width) {
  return (kInputs + 1) * width + (depth - 1) * (width + 1) * width + (width + 1) * kClasses;
}

std::string equal_layers(int depth, int width) {
  std::string text = "dnn " + std::to_string(width);
  for (int layer = 1; layer < depth; ++layer) text += "-" + std::to_string(width);
  return text;
}

Population population_of_depths(RandomStream& random) {
  Population population = one_dataset();
  for (const int depth : {1, 2, 3, 4}) {
    for (const int width : {16, 32, 64, 128}) {
      const std::int64_t parameters = parameters_of(depth, width);
      const double by_size = 0.3 + 0.1 * std::log10(static_cast<double>(parameters) / 1000.0);
      const double redundancy = by_size + 0.03 * random.normal();  // per architecture
      for (int r = 0; r < kDepthReplicates; ++r) {
        const double own = std::clamp(redundancy + 0.01 * random.normal(), 0.05, 0.95);
        add_pruned_run(population, equal_layers(depth, width), kDense, default_sparsities(),
                       line_through(own, kDense), parameters);
      }
    }
  }
  return population;
}

/// The old rule: equal widths, ignoring parameters.
bool equal_widths_decided_before(const Compression& compression,
                                 const study::AnalysisSettings& /*settings*/) {
  const auto& depth = compression.families.at(0).depth;
  return !depth.empty() && depth[0].of_width && depth[0].of_width->p <= 0.05;
}

}  // namespace

Confound depth_by_size() {
  const auto simulate = [](int populations, std::uint64_t seed) {
    const auto is_wrong = [](const ClaimEvidence& evidence) {
      const auto tests = deeper_stands_more(evidence);
      return !tests.empty() && tests[0].p <= 0.05;
    };
    return std::vector<ConfoundResult>{count_wrong(
        {.conclusion = "deeper networks tolerate more or less pruning", .populations = populations},
        seed, 45, population_of_depths, is_wrong, equal_widths_decided_before)};
  };
  return {"depth by size", "redundancy follows the number of parameters, whatever the depth",
          simulate};
}

}  // namespace minima::analysis
