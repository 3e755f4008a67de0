#include "analysis/weight_runs.h"

#include <algorithm>

#include "measure/weight_histogram.h"

namespace minima::analysis {
namespace {

using Tensors = std::vector<const RunTensor*>;

RoleWeights together(const Tensors& tensors) {
  RoleWeights role;
  const auto count = static_cast<double>(tensors.size());
  std::vector<double> quantiles(tensors.front()->end.quantiles.size());
  measure::WeightHistogram histogram;
  for (const RunTensor* tensor : tensors) {
    role.sd += tensor->end.statistics.sd / count;
    role.node_strength += tensor->end.nodes.mean / count;
    for (std::size_t i = 0; i < std::min(quantiles.size(), tensor->end.quantiles.size()); ++i) {
      quantiles[i] += static_cast<double>(tensor->end.quantiles[i]) / count;
    }
    histogram.merge(tensor->end.histogram);
  }
  for (const double quantile : quantiles) role.quantiles.push_back(static_cast<float>(quantile));
  role.histogram = histogram.counts();
  return role;
}

std::vector<RunTensor> tensors_of(std::vector<study::WeightSummary>&& summaries) {
  std::map<int, study::WeightSummary> starts;
  std::vector<RunTensor> tensors;
  for (study::WeightSummary& summary : summaries) {
    if (summary.stage == study::WeightStage::start) {
      starts.emplace(summary.tensor, std::move(summary));
    } else {
      tensors.push_back({"", std::move(summary), std::nullopt});
    }
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].role = role_of(tensors[i].end.name, i, tensors.size());
    const auto start = starts.find(tensors[i].end.tensor);
    if (start != starts.end()) tensors[i].start = std::move(start->second);
  }
  return tensors;
}

bool is_finite(const std::vector<study::WeightSummary>& summaries) {
  bool has_end = false;
  for (const study::WeightSummary& summary : summaries) {
    if (summary.statistics.not_finite > 0) return false;
    has_end = has_end || summary.stage == study::WeightStage::end;
  }
  return has_end;
}

WeightRun run_of(const store::RunRow& run, std::vector<study::WeightSummary>&& summaries) {
  WeightRun result{.run = &run, .tensors = tensors_of(std::move(summaries))};
  std::map<std::string, Tensors> roles;
  for (const RunTensor& tensor : result.tensors) roles[tensor.role].push_back(&tensor);
  for (const auto& [role, tensors] : roles) result.roles.emplace(role, together(tensors));
  return result;
}

WeightFamily family_of(const Population& population, const Selection& selection,
                       WeightSummaries& summaries, const study::AnalysisSettings& settings) {
  WeightFamily family{.dataset = population.datasets[selection.dataset].name,
                      .family = selection.family};
  const Groups groups = groups_of(population, selection, settings);
  for (std::size_t i = 0; i < selection.runs.size(); ++i) {
    const store::RunRow& row = population.runs[selection.runs[i]];
    const auto found = summaries.find(row.id);
    if (found == summaries.end() || !is_finite(found->second)) {
      ++family.left_out;
      continue;
    }
    WeightRun run = run_of(row, std::move(found->second));
    run.accuracy = settings.group_by == study::AccuracyKind::train ? row.result.train_accuracy
                                                                   : row.result.test_accuracy;
    if (groups.defined) run.group = groups.groups[i];
    family.runs.push_back(std::move(run));
  }
  return family;
}

}  // namespace

WeightSummaries weight_summaries_of(const store::Reader& store) {
  WeightSummaries summaries;
  store.weight_summaries([&](const std::string& run_id, study::WeightSummary&& summary) {
    if (summary.shape.size() < 2 || !summary.name.ends_with("weight")) return;
    if (summary.stage == study::WeightStage::start) summary.histogram = {};
    summaries[run_id].push_back(std::move(summary));
  });
  return summaries;
}

std::string role_of(const std::string& tensor, std::size_t number, std::size_t count) {
  if (tensor.find(".attention.") != std::string::npos) return "attention";
  if (tensor.find(".mlp.") != std::string::npos) return "mlp";
  if (number + 1 == count) return "output";
  return number == 0 ? "first" : "hidden";
}

std::vector<WeightFamily> weight_families_of(const Population& population,
                                             WeightSummaries summaries,
                                             const study::AnalysisSettings& settings) {
  std::vector<WeightFamily> families;
  for (const Selection& selection : selections_of(population)) {
    WeightFamily family = family_of(population, selection, summaries, settings);
    if (!family.runs.empty()) families.push_back(std::move(family));
  }
  return families;
}

}  // namespace minima::analysis
