// Tests whether a statistic differs between successful and failed runs of equal architecture,
// pooled over architectures. The architecture is the unit of resampling. Runs of one architecture
// share its width, the scale of its initial weights and its chance of success, so they are not
// independent evidence about networks in general.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/numbers/random.h"

namespace minima::analysis {

/// Minimum number of architectures in a test: with five, the smallest two-sided p is 0.0625.
inline constexpr std::int64_t kFewestArchitectures = 6;

/// One run. Only runs of equal architecture are compared.
struct ContrastedRun {
  double value = 0.0;
  bool successful = false;
  std::string architecture = {};
};

/// Unbiased estimate from one architecture; its expectation is 0 if there is no effect.
struct ArchitectureEffect {
  std::string architecture;
  double effect = 0.0;
  double weight = 1.0;  ///< in the pooled mean; positive
};

/// For each architecture with both groups: mean of the successful runs minus mean of the failed
/// runs. Weight: n_s n_f / (n_s + n_f), the inverse of the variance if runs vary equally.
[[nodiscard]] std::vector<ArchitectureEffect> mean_differences(std::span<const ContrastedRun> runs);

/// For each architecture with two runs of each group: Gini's mean difference (mean absolute
/// difference of two runs, unbiased for any number of runs) of the successful runs minus that of
/// the failed runs. Divided by Gini's mean difference of all its runs, because narrow networks vary
/// more. Negative: successful runs are more alike. Weights as in mean_differences().
[[nodiscard]] std::vector<ArchitectureEffect> spread_differences(
    std::span<const ContrastedRun> runs);

struct Pair {
  double x = 0.0;
  double y = 0.0;
  std::string architecture = {};
};

/// Pearson's correlation of x and y within each architecture with three runs or more. Weight: runs
/// minus one. Architectures with constant x or y are left out.
[[nodiscard]] std::vector<ArchitectureEffect> correlations_within(std::span<const Pair> pairs);

/// A weighted mean over architectures. The test changes the signs of whole architectures (Fisher
/// 1935); the interval inverts the test (Hartigan 1969), so the two agree. Both are valid for any
/// distribution that is symmetric about the true effect. Up to 14 architectures all sign patterns
/// are enumerated; beyond that, `patterns` random ones are drawn.
struct PooledEffect {
  std::int64_t architectures = 0;
  double effect = 0.0;
  std::optional<double> low;   ///< absent: too few architectures for a limit
  std::optional<double> high;  ///< absent: too few architectures for a limit
  double p = 1.0;              ///< two-sided
  double least_p = 1.0;        ///< smallest p that this number of architectures can give
};

/// Empty without architectures.
[[nodiscard]] std::optional<PooledEffect> pooled(std::span<const ArchitectureEffect> effects,
                                                 double confidence, int patterns,
                                                 RandomStream random);

}  // namespace minima::analysis
