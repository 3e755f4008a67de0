// How often each test image is classified correctly, by architecture.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "analysis/images/image_outcomes.h"
#include "statistics/estimates/two_way.h"

namespace minima::analysis {

/// A dataset and an architecture.
using ArchitectureKey = std::pair<std::string, std::string>;

/// Sums over the recorded runs of each architecture. As in all analyses, a diverged run predicts
/// the most frequent class for every image.
using OutcomeSums = std::map<ArchitectureKey, TwoWaySums>;

/// An architecture is left out unless all its finished runs have predictions and it is in `wanted`.
/// Memory: four bytes per test image and architecture. Reads the predictions once.
[[nodiscard]] OutcomeSums outcome_sums_of(const Population& population, const OutcomeSource& source,
                                          const std::set<ArchitectureKey>& wanted);

}  // namespace minima::analysis
