// Kept weights of runs of one architecture, compared one by one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/weights/projected_layer.h"

namespace minima::analysis {

/// The weights of a run, by its id; none where they were not kept: store::Reader::weights.
using KeptWeights =
    std::function<std::vector<store::Reader::StoredTensor>(const std::string& run_id)>;

/// Fewest runs of an architecture that are worth a projection of their own.
inline constexpr std::size_t kFewestOfArchitecture = 10;

/// Of each architecture with so many held runs whose weights were kept: all matrices together, then
/// by role. Weights of `projection_memory` megabytes are in memory at a time, or those of two runs
/// where that is more; the fewer there are, the more often they are read. `jobs`: threads.
[[nodiscard]] std::vector<LayerProjection> raw_projections(const WeightFamily& family,
                                                           const KeptWeights& weights_in,
                                                           const study::AnalysisSettings& settings,
                                                           std::size_t jobs = 1);

}  // namespace minima::analysis
