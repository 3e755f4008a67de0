// What is recorded of the weights of a run when it ends.
#pragma once

#include <span>
#include <vector>

#include "engine/backend.h"

namespace minima::run {

/// Of every tensor as the run started, drawn again, then of every tensor as it ended; both in the
/// order of its tensors. Empty where `parameters` have no values.
[[nodiscard]] std::vector<study::WeightSummary> weight_summaries(
    const study::Run& run, const Problem& problem,
    std::span<const engine::ParameterView> parameters);

}  // namespace minima::run
