// Whether a figure differs between successful and failed runs of equal architecture, pooled over
// architectures. The architecture is the unit of resampling: runs of one architecture share its
// width, its initial weights' scale and its chance of success, so they are not independent
// evidence about networks in general.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/random.h"

namespace minima::analysis {

/// Fewest architectures of a test: with five, no pattern of signs has a two-sided p below 0.0625.
inline constexpr std::int64_t kFewestArchitectures = 6;

/// One run. Only runs of equal architecture are compared.
struct ContrastedRun {
  double value = 0.0;
  bool successful = false;
  std::string architecture = {};
};

/// What one architecture says: an unbiased estimate, 0 in expectation if there is no effect.
struct ArchitectureEffect {
  std::string architecture;
  double effect = 0.0;
  double weight = 1.0;  ///< of the effect in the pooled mean; above 0
};

/// Mean of the successful runs less mean of the failed ones, of each architecture that has both.
/// Weight: n_s n_f / (n_s + n_f), the inverse of the variance if runs vary equally.
[[nodiscard]] std::vector<ArchitectureEffect> mean_differences(std::span<const ContrastedRun> runs);

/// Mean absolute difference of two successful runs less that of two failed ones (Gini's mean
/// difference, unbiased for any number of runs), of each architecture with two of both, divided by
/// that of all its runs: narrow networks vary more. Negative: the successful ones are more alike.
/// Weights as above.
[[nodiscard]] std::vector<ArchitectureEffect> spread_differences(
    std::span<const ContrastedRun> runs);

struct Pair {
  double x = 0.0;
  double y = 0.0;
  std::string architecture = {};
};

/// Pearson's correlation of x and y within each architecture with three runs or more. Weight: runs
/// less one. Architectures where x or y does not vary are left out.
[[nodiscard]] std::vector<ArchitectureEffect> correlations_within(std::span<const Pair> pairs);

/// A weighted mean over architectures. Test and interval are those of sign changes of whole
/// architectures (Fisher 1935; the interval is its inversion, Hartigan 1969): they agree, and hold
/// for any distribution that is symmetric about the true effect. All patterns of signs are counted
/// up to 14 architectures, beyond that `patterns` random ones.
struct PooledEffect {
  std::int64_t architectures = 0;
  double effect = 0.0;
  std::optional<double> low;   ///< absent: so few architectures bound nothing
  std::optional<double> high;  ///< likewise
  double p = 1.0;              ///< two-sided
  double least_p = 1.0;        ///< the smallest that so many architectures can give
};

/// Nothing without architectures.
[[nodiscard]] std::optional<PooledEffect> pooled(std::span<const ArchitectureEffect> effects,
                                                 double confidence, int patterns,
                                                 RandomStream random);

}  // namespace minima::analysis
