// Compares the stored weights of runs of one architecture, weight by weight.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/weights/projected_layer.h"

namespace minima::analysis {

/// Returns the weights of a run by its id, as store::Reader::weights; empty if they were not
/// stored.
using KeptWeights =
    std::function<std::vector<store::Reader::StoredTensor>(const std::string& run_id)>;

/// Minimum number of runs for which an architecture gets its own projection.
inline constexpr std::size_t kFewestOfArchitecture = 10;

/// For each architecture with at least kFewestOfArchitecture held runs whose weights were stored:
/// one projection of all matrices together, then one per role. At most `projection_memory`
/// megabytes of weights are in memory at a time, but always two runs. With less memory, weights are
/// read more often. `jobs`: number of threads.
[[nodiscard]] std::vector<LayerProjection> raw_projections(const WeightFamily& family,
                                                           const KeptWeights& weights_in,
                                                           const study::AnalysisSettings& settings,
                                                           std::size_t jobs = 1);

}  // namespace minima::analysis
