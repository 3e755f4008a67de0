// Weight summaries of a run, recorded during training and at its end.
#pragma once

#include <span>
#include <vector>

#include "network/graph.h"
#include "record/weight_summary.h"
#include "study/run.h"

namespace minima::run {

/// One summary per tensor, in the order of the run's tensors. `parameters`: all of the network,
/// flat.
[[nodiscard]] std::vector<record::WeightSummary> weight_summaries(
    record::WeightStage stage, int epoch, std::span<const network::Tensor> tensors,
    std::span<const float> parameters);

/// One summary per initial tensor of the run; the initial weights are drawn again.
[[nodiscard]] std::vector<record::WeightSummary> initial_weight_summaries(const study::Run& run,
                                                                          const Problem& problem);

}  // namespace minima::run
