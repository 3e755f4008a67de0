#include "run/weight_summaries.h"

#include <algorithm>

#include "engine/initial_weights.h"
#include "measure/tensor_summary.h"

namespace minima::run {
namespace {

study::WeightSummary numbered(study::WeightStage stage, std::size_t tensor,
                              study::WeightSummary summary) {
  summary.stage = stage;
  summary.tensor = static_cast<int>(tensor);
  return summary;
}

}  // namespace

std::vector<study::WeightSummary> weight_summaries(
    const study::Run& run, const Problem& problem,
    std::span<const engine::ParameterView> parameters) {
  const auto is_whole = [](const engine::ParameterView& view) {
    return static_cast<std::int64_t>(view.values.size()) == view.spec.count();
  };
  if (!std::ranges::all_of(parameters, is_whole)) return {};
  std::vector<study::WeightSummary> summaries;
  const std::vector<float> initial = engine::initial_parameters(run, problem);
  std::size_t offset = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [spec, values] = parameters[i];
    const auto start = std::span(initial).subspan(offset, values.size());
    offset += values.size();
    summaries.push_back(numbered(study::WeightStage::start, i, measure::summary_of(spec, start)));
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [spec, values] = parameters[i];
    summaries.push_back(numbered(study::WeightStage::end, i, measure::summary_of(spec, values)));
  }
  return summaries;
}

}  // namespace minima::run
