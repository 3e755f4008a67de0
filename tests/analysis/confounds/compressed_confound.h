// Common loop of the compression confounds over populations with variants.
#pragma once

#include <cstdint>

#include "analysis/claims/claim_tests.h"
#include "confound.h"
#include "core/numbers/random.h"

namespace minima::analysis {

/// Draws `result.populations` populations and counts the false conclusions in them. `draw(random)`
/// returns a population. `is_wrong(evidence)`: whether minima draws the false conclusion from it.
/// `was_wrong(compression, settings)`: whether the earlier rule does. `stream` selects the random
/// stream of a confound.
template <typename Draw, typename IsWrong, typename WasWrong>
ConfoundResult count_wrong(ConfoundResult result, std::uint64_t seed, std::uint32_t stream,
                           const Draw& draw, const IsWrong& is_wrong, const WasWrong& was_wrong) {
  result.wrong_before = 0;
  study::AnalysisSettings settings;
  settings.bootstrap_samples = 100;
  settings.permutations = 1000;
  for (int i = 0; i < result.populations; ++i) {
    RandomStream random(seed, static_cast<std::uint64_t>(i), Purpose::random_design, stream);
    settings.seed = static_cast<std::uint64_t>(i) + 1;
    const Population population = draw(random);
    const Compression compression = compression_of(population, settings);
    const Convergence convergence{.study = "", .settings = settings, .runs = 0, .families = {}};
    const ClaimEvidence evidence{population, convergence, compression, settings};
    result.wrong += is_wrong(evidence) ? 1 : 0;
    *result.wrong_before += was_wrong(compression, settings) ? 1 : 0;
  }
  return result;
}

}  // namespace minima::analysis
