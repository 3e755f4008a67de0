#include "analysis/images/network_classes.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/images/class_outcomes.h"
#include "record/predictions.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/variant.h"

namespace minima::analysis {
namespace {

/// The dataset and its test images for each requested run; runs of a dataset share them.
struct RunData {
  const record::DatasetRecord* dataset = nullptr;
  std::shared_ptr<const std::vector<std::uint16_t>> labels;
};

std::map<std::string, RunData> data_of(const Population& population, const OutcomeSource& source,
                                       const std::set<NetworkKey>& networks) {
  std::set<std::string> wanted;
  for (const NetworkKey& key : networks) wanted.insert(key.run_id);
  std::map<std::string, RunData> data;
  if (!source.labels) return data;
  for (const record::DatasetRecord& dataset : population.datasets) {
    std::optional<record::DatasetLabels> stored = source.labels(dataset.name);
    if (!stored) continue;
    const auto labels = std::make_shared<const std::vector<std::uint16_t>>(std::move(stored->test));
    for (const record::RunRow& run : population.runs) {
      if (run.dataset != dataset.name || !wanted.contains(run.id)) continue;
      data[run.id] = {&dataset, labels};
    }
  }
  return data;
}

NetworkClasses classes_of(const RunData& data, std::vector<std::uint8_t> right, double confidence) {
  const std::vector<std::vector<std::uint8_t>> replicates{std::move(right)};
  const auto classes = static_cast<std::size_t>(data.dataset->problem.classes);
  const ClassAccuracies of = class_accuracies(*data.labels, classes, replicates, confidence);
  NetworkClasses result{.balanced = of.balanced.mean, .worst_class = {}};
  if (!of.worst) return result;
  const auto& names = data.dataset->class_names;
  result.worst_class =
      of.worst->label < names.size() ? names[of.worst->label] : std::to_string(of.worst->label);
  result.worst_images = of.worst->images;
  result.worst = of.worst->accuracy.mean;
  result.worst_low = of.worst->accuracy.low;
  result.worst_high = of.worst->accuracy.high;
  return result;
}

}  // namespace

std::map<NetworkKey, NetworkClasses> network_classes(const Population& population,
                                                     const OutcomeSource& source,
                                                     const std::set<NetworkKey>& networks,
                                                     double confidence) {
  std::map<NetworkKey, NetworkClasses> result;
  const std::map<std::string, RunData> data = data_of(population, source, networks);
  if (data.empty()) return result;
  const auto add = [&](const NetworkKey& key, std::vector<std::uint8_t> right) {
    const auto of = data.find(key.run_id);
    if (of == data.end() || right.size() != of->second.labels->size()) return;
    result.emplace(key, classes_of(of->second, std::move(right), confidence));
  };
  source.predictions([&](const std::string& run_id, record::RunPredictions&& predictions) {
    const NetworkKey key{.run_id = run_id};
    const auto of = data.find(run_id);
    if (!networks.contains(key) || of == data.end()) return;
    if (predictions.test.size() != of->second.labels->size()) return;
    add(key, right_of(*of->second.labels, predictions.test));
  });
  const auto is_compressed = [](const NetworkKey& key) {
    return !(key.pruning.empty() && key.quantization.empty());
  };
  if (std::ranges::none_of(networks, is_compressed)) return result;
  source.outcomes([&](const std::string& run_id, const record::Variant& which,
                      record::VariantOutcomes&& outcomes) {
    const NetworkKey key{run_id, which.pruning, which.sparsity_asked, which.quantization,
                         which.format};
    if (which.tensor.empty() && networks.contains(key)) add(key, std::move(outcomes.test));
  });
  return result;
}

}  // namespace minima::analysis
