// What is recorded of the weights of a run while it trains and when it ends.
#pragma once

#include <span>
#include <vector>

#include "engine/backend.h"

namespace minima::run {

/// Of every tensor of a run, in the order of its tensors; none where `parameters` have no values.
[[nodiscard]] std::vector<study::WeightSummary> weight_summaries(
    study::WeightStage stage, int epoch, std::span<const engine::ParameterView> parameters);

/// Of every tensor as the run started, drawn again.
[[nodiscard]] std::vector<study::WeightSummary> initial_weight_summaries(const study::Run& run,
                                                                         const Problem& problem);

}  // namespace minima::run
