// The tests behind claims() and their common parts. docs/findings.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/claims/findings.h"

namespace minima::analysis {

/// The claims on learnable parameters: rows of claims().
[[nodiscard]] std::vector<Claim> weight_claims();

/// Rank correlation of y with x and its interval. Empty below four pairs or if all values are
/// equal. `subject` seeds the permutations.
[[nodiscard]] std::optional<ClaimTest> trend(const std::vector<RankedPair>& pairs,
                                             const std::string& subject,
                                             const study::AnalysisSettings& settings);

/// Slope of y over x: the median slope of all pairs of points (Theil 1950; Sen 1968). p and
/// interval come from the permutations of Kendall's statistic, so the interval contains 0 exactly
/// if p is not significant. Groups are ignored. Empty below four pairs.
[[nodiscard]] std::optional<ClaimTest> median_slope(const std::vector<RankedPair>& pairs,
                                                    const std::string& subject,
                                                    const study::AnalysisSettings& settings);

/// A fraction with its interval (Clopper and Pearson 1934), without a test.
[[nodiscard]] ClaimTest fraction(std::int64_t yes, std::int64_t all,
                                 const study::AnalysisSettings& settings);

/// A series of networks of increasing size, on which claims about size are tested.
struct SizedSeries {
  std::string dataset;
  network::Family family = network::Family::dnn;
  std::string name;                  ///< of the series; empty: the whole family
  std::size_t dataset_index = 0;     ///< index into Population::datasets
  const Regimes* regimes = nullptr;  ///< with the levels
};
[[nodiscard]] std::vector<SizedSeries> sized_series(const ClaimEvidence& evidence);

// On convergence: one test for each series, or for each family.
[[nodiscard]] std::vector<ClaimTest> small_are_unstable(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> small_vary_more(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> accuracy_grows(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> gap_grows(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> regimes_in_order(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> convergence_has_phases(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> failures_lack_gradient(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> failed_losses_fluctuate(const ClaimEvidence& evidence);

// On architecture: one test for each dataset.
[[nodiscard]] std::vector<ClaimTest> shape_hardly_matters(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> families_agree(const ClaimEvidence& evidence);

// On pruning and quantization: one test for each family on each dataset, and for each protocol.
[[nodiscard]] std::vector<ClaimTest> deeper_stands_more(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> redundancy_is_large(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> pruning_has_phases(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> precision_hurts_small(const ClaimEvidence& evidence);

// On difficulty: one test for each set of datasets that differ only in difficulty.
[[nodiscard]] std::vector<ClaimTest> precision_hurts_hard_data(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> transition_is_sharp(const ClaimEvidence& evidence);

// On learnable parameters: one test for each family on each dataset, with the architecture as the
// unit.
[[nodiscard]] std::vector<ClaimTest> successful_are_similar(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> successful_lie_together(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> suboptimal_scatter(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> sigma_is_low(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> statistics_are_similar(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> sigma_is_lowest_in_output(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> weights_peak_at_zero(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> strengths_correlate(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> strengths_are_high(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> attention_is_weak(const ClaimEvidence& evidence);
[[nodiscard]] std::vector<ClaimTest> mlp_is_weak(const ClaimEvidence& evidence);

}  // namespace minima::analysis
