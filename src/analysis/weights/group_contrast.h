// Tests whether successful networks of an architecture lie apart from suboptimal ones, and closer
// together. Networks are points of which only the pairwise distances are known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/weights/architecture_contrast.h"
#include "analysis/weights/weight_runs.h"
#include "measure/permanova.h"

namespace minima::analysis {

/// Group high against groups low and mid, within architectures that have both and at least three
/// runs. Distances are in units of the standard deviation of the architecture's runs about their
/// centroid.
struct GroupContrast {
  std::int64_t architectures = 0;
  std::int64_t successful = 0;
  std::int64_t suboptimal = 0;
  /// Location: PERMANOVA (Anderson 2001) with architectures as strata.
  measure::Permanova location;
  /// Smallest possible p: 1 / number of distinct permutations of the labels.
  double least_p = 1.0;
  /// Dispersion: mean distance from the group's centroid (PERMDISP, Anderson 2006), successful
  /// minus suboptimal, pooled over architectures. Absent if no architecture has two runs of each
  /// group.
  std::optional<PooledEffect> dispersion;
};

/// `squares`: squared Euclidean distances between the runs [n][n]. `subject` seeds the
/// permutations. Empty if no architecture has both groups and three runs.
[[nodiscard]] std::optional<GroupContrast> group_contrast(const std::vector<const WeightRun*>& runs,
                                                          std::span<const float> squares,
                                                          const std::string& subject,
                                                          const study::AnalysisSettings& settings);

}  // namespace minima::analysis
