// The smallest number of learnable parameters that solves a task: P_min of arXiv 2601.17987.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/crossing.h"
#include "analysis/levels.h"
#include "analysis/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// What was measured at one number of parameters. Accuracies are fractions on the test images after
/// the last epoch; a diverged run counts with the share of the largest class.
struct LevelAccuracy {
  std::int64_t parameters = 0;
  std::vector<std::string> architectures;  ///< all of exactly this size
  std::int64_t runs = 0;
  double mean = 0.0;         ///< A(P)
  std::optional<double> sd;  ///< sigma(P), divided by n - 1; absent below two runs
  double fitted_mean = 0.0;  ///< isotonic regression of A on P, weighted with the runs
  /// From antitonic regression of sigma^2 on P, weighted with n - 1; absent if no level has a
  /// spread.
  std::optional<double> fitted_sd;
};

enum class MinimalStatus {
  found,
  spread_unknown,     ///< no level has two runs: by accuracy alone, and without an interval
  spread_never_small  ///< the spread exceeds eps_sigma up to the largest size
};
/// In words.
[[nodiscard]] std::string to_string(MinimalStatus status);

/// P_min = min{P : A(P') >= A(P_max) - eps_A and sigma(P') <= eps_sigma for all P' >= P}, of the
/// monotone fits of A and sigma^2 (crossing.h). P_min is the larger of what its two halves ask for.
struct MinimalParameters {
  std::size_t dataset = 0;
  std::string family;
  MinimalStatus status = MinimalStatus::found;
  SizeEstimate size;                       ///< P_min; `plain` is the formula read literally
  SizeEstimate size_for_accuracy;          ///< the same without the bound on sigma
  SizeEstimate size_for_spread;            ///< the same without the bound on A
  std::vector<std::string> architectures;  ///< of P_min parameters
  double accuracy_at_largest = 0.0;        ///< A(P_max)
  double confidence = 0.95;                ///< of the intervals and of failure_limit
  /// Of P_min parameters and more: the largest probability of not learning that agrees with how
  /// many of the runs did not (one-sided). Rarer failures than the runs can show may hide in P_min,
  /// and in its interval: a probability of 0.013 % takes sigma to 1 point.
  std::optional<double> failure_limit;
  std::vector<LevelAccuracy> levels;  ///< by parameters, ascending
};

/// `selection` has at least one run.
[[nodiscard]] MinimalParameters minimal_parameters_of(const Population& population,
                                                      const Selection& selection,
                                                      const study::AnalysisSettings& settings);

}  // namespace minima::analysis
