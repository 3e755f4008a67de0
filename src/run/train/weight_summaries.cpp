#include "run/train/weight_summaries.h"

#include "engine/initial_weights.h"
#include "measure/tensor_summary.h"
#include "network/families/lower.h"

namespace minima::run {

std::vector<record::WeightSummary> weight_summaries(record::WeightStage stage, int epoch,
                                                    std::span<const network::Tensor> tensors,
                                                    std::span<const float> parameters) {
  std::vector<record::WeightSummary> summaries;
  for (const network::Tensor& tensor : tensors) {
    const auto number = static_cast<int>(summaries.size());
    record::WeightSummary& summary =
        summaries.emplace_back(measure::summary_of(tensor, tensor.of(parameters)));
    summary.stage = stage;
    summary.epoch = epoch;
    summary.tensor = number;
  }
  return summaries;
}

std::vector<record::WeightSummary> initial_weight_summaries(const study::Run& run,
                                                            const Problem& problem) {
  return weight_summaries(record::WeightStage::start, 0,
                          network::graph_of(run.architecture, problem).tensors,
                          engine::initial_parameters(run, problem));
}

}  // namespace minima::run
