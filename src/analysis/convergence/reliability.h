// The number of parameters needed for training to succeed reliably.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/population/target.h"
#include "analysis/sizes/crossing.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

struct LevelSuccess {
  std::int64_t parameters = 0;
  std::int64_t runs = 0;
  std::int64_t successes = 0;
  /// P(success | P): isotonic regression of the fraction of successes on P, weighted with the runs.
  /// It does not depend on the scale of P.
  double fitted_share = 0.0;
};

/// The smallest size from which on at least `reliability` of all runs succeed.
struct SizeForReliability {
  double reliability = 0.0;
  SizeEstimate size;
};

/// A run succeeds if it finishes with a test accuracy of at least the target of its dataset.
struct Reliability {
  std::size_t dataset = 0;
  network::Family family = network::Family::dnn;
  double threshold = 0.0;  ///< the target, the same for all series of the dataset
  bool threshold_given = false;
  std::string missing;  ///< why there are no sizes; empty if there are
  /// For 50 %, 95 % and AnalysisSettings::reliability, ascending, without duplicates.
  std::vector<SizeForReliability> sizes;
  double confidence = 0.95;          ///< confidence of the intervals
  std::vector<LevelSuccess> levels;  ///< by parameters, ascending
};

/// Without a target, no level has successes and `sizes` is empty.
[[nodiscard]] Reliability reliability_of(const Population& population, const Selection& selection,
                                         const Target& target,
                                         const study::AnalysisSettings& settings);

}  // namespace minima::analysis
