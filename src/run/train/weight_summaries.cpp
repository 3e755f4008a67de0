#include "run/train/weight_summaries.h"

#include <algorithm>

#include "engine/network/initial_weights.h"
#include "measure/tensor_summary.h"
#include "network/families/lower.h"

namespace minima::run {

std::vector<study::WeightSummary> weight_summaries(
    study::WeightStage stage, int epoch, const network::Graph& graph,
    std::span<const engine::ParameterView> parameters) {
  const auto is_whole = [](const engine::ParameterView& view) {
    return static_cast<std::int64_t>(view.values.size()) == view.spec.count();
  };
  if (!std::ranges::all_of(parameters, is_whole)) return {};
  std::vector<study::WeightSummary> summaries;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    study::WeightSummary& summary =
        summaries.emplace_back(measure::summary_of(graph.tensors.at(i), parameters[i].values));
    summary.stage = stage;
    summary.epoch = epoch;
    summary.tensor = static_cast<int>(i);
  }
  return summaries;
}

std::vector<study::WeightSummary> initial_weight_summaries(const study::Run& run,
                                                           const Problem& problem) {
  const std::vector<float> initial = engine::initial_parameters(run, problem);
  std::vector<engine::ParameterView> views;
  const network::Graph graph = network::graph_of(run.architecture, problem);
  for (const network::Tensor& tensor : graph.tensors) {
    views.push_back({tensor.spec, tensor.of(std::span(initial))});
  }
  return weight_summaries(study::WeightStage::start, 0, graph, views);
}

}  // namespace minima::run
