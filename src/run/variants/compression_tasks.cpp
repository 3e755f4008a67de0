#include "run/variants/compression_tasks.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "compress/quantize/parameter_quantizer.h"
#include "core/text.h"
#include "network/derive/work.h"
#include "network/families/lower.h"

namespace minima::run {
namespace {

using study::PruningProtocol;
using study::QuantizationProtocol;

constexpr std::size_t kMostItems = 32;  // items per cohort

std::string formats_text(const QuantizationProtocol& protocol) {
  std::string text;
  for (const study::NumberFormat format : protocol.formats) {
    text += (text.empty() ? "" : ",") + std::string(study::info(format).name);
  }
  return text;
}

std::string steps_text(const PruningProtocol& protocol) {
  std::string text;
  for (const double step : protocol.steps()) text += (text.empty() ? "" : ",") + shortest(step);
  return text;
}

// The finished runs of an architecture, worst first; ties are ordered by replicate.
using Group = std::vector<std::pair<double, const study::Run*>>;

void take(Group& group, study::Representatives choice, std::vector<const study::Run*>& taken) {
  std::ranges::stable_sort(group, [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second->replicate) < std::pair(b.first, b.second->replicate);
  });
  if (choice == study::Representatives::all) {
    for (const auto& [accuracy, run] : group) taken.push_back(run);
  } else if (choice == study::Representatives::median) {
    taken.push_back(group[(group.size() - 1) / 2].second);
  } else {
    const double best = group.back().first;
    taken.push_back(std::ranges::find_if(group, [best](const auto& each) {
                      return each.first == best;
                    })->second);
  }
}

// The same rule selects the replicate whose weights a store keeps.
double accuracy_of(const record::RunResult& result) {
  return record::choosing_accuracy(result.validation_accuracy, result.test_accuracy);
}

}  // namespace

record::CompressionTask CompressionItem::task() const {
  std::string text;
  if (pruning) text = "prune " + pruning->text() + " at " + steps_text(*pruning);
  for (const QuantizationProtocol& quantization : quantizations) {
    text += (text.empty() ? "" : "; ") + std::string("quantize ") + quantization.text() + " to " +
            formats_text(quantization);
  }
  return {run.id, text};
}

bool CompressionItem::trains() const {
  if (pruning) return pruning->epochs > 0 || pruning->rewind;
  return quantizations.front().method != QuantizationProtocol::Method::ptq;
}

std::int64_t CompressionItem::times(const Problem& problem) const {
  const bool takes_one_tensor =
      pruning ? pruning->scope == PruningProtocol::Scope::one_layer
              : quantizations.front().scope == QuantizationProtocol::Scope::one_layer;
  if (!takes_one_tensor) return 1;
  return std::ranges::count_if(network::graph_of(run.architecture, problem).tensors,
                               compress::is_quantized);
}

std::int64_t CompressionItem::variants() const {
  std::int64_t formats = 0;
  for (const QuantizationProtocol& each : quantizations) {
    formats += static_cast<std::int64_t>(each.formats.size());
  }
  if (!pruning) return formats;
  return static_cast<std::int64_t>(pruning->steps().size()) * (1 + formats);
}

std::int64_t CompressionItem::epochs() const {
  if (pruning) {
    const auto steps = static_cast<std::int64_t>(pruning->steps().size());
    if (pruning->rewind) return steps * (run.train.epochs - *pruning->rewind) + *pruning->rewind;
    return steps * pruning->epochs;
  }
  const QuantizationProtocol& only = quantizations.front();
  if (only.method == QuantizationProtocol::Method::ptq) return 0;
  const bool scratch = only.method == QuantizationProtocol::Method::scratch;
  return variants() * (scratch ? run.train.epochs : only.epochs);
}

std::vector<study::Run> representatives(std::span<const study::Run> planned,
                                        std::span<const record::RunRow> rows,
                                        study::Representatives choice) {
  std::unordered_map<std::string, const record::RunResult*> results;
  for (const record::RunRow& row : rows) {
    if (row.result.status != record::RunStatus::planned) results.emplace(row.id, &row.result);
  }
  std::map<std::pair<std::string, std::string>, Group> groups;
  std::set<std::pair<std::string, std::string>> incomplete;
  for (const study::Run& run : planned) {
    const std::pair key(run.dataset, run.architecture.text());
    const auto result = results.find(run.id);
    if (result == results.end()) {
      incomplete.insert(key);
    } else if (result->second->status == record::RunStatus::finished) {
      groups[key].emplace_back(accuracy_of(*result->second), &run);
    }
  }
  std::vector<const study::Run*> taken;
  for (auto& [key, group] : groups) {
    if (choice != study::Representatives::all && incomplete.contains(key)) continue;
    take(group, choice, taken);
  }
  std::ranges::sort(taken);  // all pointers point into the plan, so this restores its order
  std::vector<study::Run> runs;
  for (const study::Run* run : taken) runs.push_back(*run);
  return runs;
}

std::vector<CompressionItem> compression_items(const study::Study& study,
                                               std::span<const study::Run> planned,
                                               std::span<const record::RunRow> rows,
                                               const std::set<std::string>& own) {
  std::vector<CompressionItem> items;
  const auto add = [&](study::Representatives choice, const CompressionItem& pattern) {
    for (study::Run& run : representatives(planned, rows, choice)) {
      if (!own.contains(run.id)) continue;
      items.push_back(pattern);
      items.back().run = std::move(run);
    }
  };
  CompressionItem pruning;
  for (const QuantizationProtocol& protocol : study.quantization.protocols) {
    if (protocol.pruned) pruning.quantizations.push_back(protocol);
  }
  for (const PruningProtocol& protocol : study.pruning.protocols) {
    pruning.pruning = protocol;
    CompressionItem item = pruning;
    // Pruning one layer at a time studies the layers; the result is not a network to deploy.
    if (protocol.scope == PruningProtocol::Scope::one_layer) item.quantizations.clear();
    add(study.pruning.representatives, item);
  }
  for (const QuantizationProtocol& protocol : study.quantization.protocols) {
    add(study.quantization.representatives,
        {.run = {}, .pruning = {}, .quantizations = {protocol}});
  }
  return items;
}

std::vector<std::vector<std::size_t>> compression_cohorts(std::span<const CompressionItem> items,
                                                          const study::ProblemOf& problem_of,
                                                          std::int64_t max_floats) {
  struct Open {
    std::vector<std::size_t> items;
    std::int64_t floats = 0;
    double work = 0.0;
  };
  using Key = std::tuple<std::string, std::string, int>;  // dataset, task, replicate
  std::map<Key, Open> open;
  std::vector<Open> closed;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const CompressionItem& item = items[i];
    const Problem problem = problem_of(item.run.dataset);
    const network::Graph graph = network::graph_of(item.run.architecture, problem);
    const std::int64_t floats = graph.parameters() * (item.variants() + 1);
    const auto flop = static_cast<double>(network::training_flop(graph));
    Open& cohort =
        open[{item.run.dataset, item.task().task, item.trains() ? item.run.replicate : -1}];
    const bool is_full = cohort.items.size() >= kMostItems || cohort.floats + floats > max_floats;
    if (!cohort.items.empty() && is_full) closed.push_back(std::exchange(cohort, {}));
    cohort.items.push_back(i);
    cohort.floats += floats;
    cohort.work += flop * static_cast<double>(item.variants() + 10 * item.epochs());
  }
  for (auto& [key, cohort] : open) closed.push_back(std::move(cohort));
  std::ranges::stable_sort(closed, std::greater{}, &Open::work);
  std::vector<std::vector<std::size_t>> cohorts;
  for (Open& cohort : closed) cohorts.push_back(std::move(cohort.items));
  return cohorts;
}

}  // namespace minima::run
