// The tests behind claims(), and what they share. docs/findings.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/findings.h"

namespace minima::analysis {

/// Sets the interval of a rank correlation (Fieller, Hartley and Pearson 1957: normal on the scale
/// of artanh); none below four observations.
void add_interval(ClaimTest& test, double confidence);

/// Rank correlation of y with x and its interval; nothing below four pairs, or where nothing
/// differs. `subject` keys the permutations.
[[nodiscard]] std::optional<ClaimTest> trend(const std::vector<RankedPair>& pairs,
                                             const std::string& subject,
                                             const study::AnalysisSettings& settings);

/// A share against one half: exact, two-sided by doubling the smaller tail.
[[nodiscard]] ClaimTest majority(std::int64_t yes, std::int64_t all,
                                 const study::AnalysisSettings& settings);

/// What an interval says of a bound, if the error is normal with the width that it has on the side
/// of the bound. No smaller than the resampling behind the interval can show.
[[nodiscard]] double p_of_interval(double effect, double low, double high, double bound,
                                   const study::AnalysisSettings& settings);

// On convergence: one test for each family on each dataset that has what it takes.
[[nodiscard]] std::vector<ClaimTest> small_are_unstable(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> small_vary_more(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> accuracy_grows(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> gap_grows(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> shape_hardly_matters(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> convergence_has_phases(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> failures_lack_gradient(const Evidence& evidence);

// On pruning and quantization: likewise, and for each protocol.
[[nodiscard]] std::vector<ClaimTest> deeper_stands_more(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> redundancy_is_large(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> pruning_has_phases(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> precision_hurts_small(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> precision_hurts_hard_data(const Evidence& evidence);

// On learnable parameters: one test for each family on each dataset, the architecture as the unit.
[[nodiscard]] std::vector<ClaimTest> sigma_is_low(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> statistics_are_similar(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> sigma_is_lowest_in_output(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> weights_peak_at_zero(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> strengths_correlate(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> strengths_are_high(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> attention_is_weak(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> mlp_is_weak(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> successful_lie_together(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> suboptimal_scatter(const Evidence& evidence);
[[nodiscard]] std::vector<ClaimTest> successful_are_similar(const Evidence& evidence);

/// The rows of these claims, in the order of importance.
[[nodiscard]] std::vector<Claim> weight_claims();

}  // namespace minima::analysis
