// Weight summaries of a run, recorded during training and at its end.
#pragma once

#include <span>
#include <vector>

#include "engine/backend.h"
#include "network/graph.h"

namespace minima::run {

/// One summary per tensor of the `graph`, whose `parameters` these are; none if they have no
/// values.
[[nodiscard]] std::vector<study::WeightSummary> weight_summaries(
    study::WeightStage stage, int epoch, const network::Graph& graph,
    std::span<const engine::ParameterView> parameters);

/// One summary per initial tensor of the run; the initial weights are drawn again.
[[nodiscard]] std::vector<study::WeightSummary> initial_weight_summaries(const study::Run& run,
                                                                         const Problem& problem);

}  // namespace minima::run
