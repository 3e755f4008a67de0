#include "analysis/recommend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "core/statistics.h"

namespace minima::analysis {
namespace {

constexpr double kRounding = 1e-9;
constexpr double kFloatBytes = 4.0;

// A choice while its replicates are collected.
struct Collected {
  Choice choice;
  Moments accuracy;
  Moments test_accuracy;
  std::int64_t test_met = 0;
  Moments sparsity;
  Moments bytes;
  Moments parameters;
  std::vector<std::pair<double, std::string>> runs;  // accuracy (-1 without a number) and id
};

struct Key {
  std::string architecture;
  std::string pruning;
  double sparsity_asked = 0.0;
  std::string quantization;
  std::string format;
  bool operator<(const Key& other) const {
    return std::tie(architecture, pruning, sparsity_asked, quantization, format) <
           std::tie(other.architecture, other.pruning, other.sparsity_asked, other.quantization,
                    other.format);
  }
};

// What one run gave under one choice.
struct Trial {
  double accuracy = 0.0;  // on the images that choose; NaN: no number
  double test_accuracy = 0.0;
  double sparsity = 0.0;
  double bytes = 0.0;
  std::int64_t parameters = 0;
};

bool reaches(double accuracy, const Demand& demand) {
  return accuracy >= demand.accuracy - kRounding;  // NaN does not
}

void add(Collected& collected, const std::string& run_id, const Trial& trial,
         const Demand& demand) {
  const bool has_number = std::isfinite(trial.accuracy);
  if (has_number) collected.accuracy.add(trial.accuracy);
  if (std::isfinite(trial.test_accuracy)) collected.test_accuracy.add(trial.test_accuracy);
  if (reaches(trial.test_accuracy, demand)) ++collected.test_met;
  collected.sparsity.add(trial.sparsity);
  collected.bytes.add(trial.bytes);
  collected.parameters.add(static_cast<double>(trial.parameters));
  collected.runs.emplace_back(has_number ? trial.accuracy : -1.0, run_id);
}

/// Of one dataset.
class Choices {
 public:
  explicit Choices(const Demand& demand) : demand_(demand) {}

  void add_run(const store::RunRow& run) {
    if (run.result.status == study::RunStatus::planned) return;
    if (run.result.status == study::RunStatus::diverged) {
      ++diverged_[run.architecture];
      return;
    }
    rows_.emplace(run.id, &run);
    Collected& dense = at({.architecture = run.architecture, .format = "fp32"}, run);
    add(dense, run.id,
        {.accuracy =
             study::choosing_accuracy(run.result.validation_accuracy, run.result.test_accuracy),
         .test_accuracy = run.result.test_accuracy,
         .bytes = kFloatBytes * static_cast<double>(run.parameters),
         .parameters = run.parameters},
        demand_);
  }

  void add_variant(const store::VariantRow& row) {
    const auto run = rows_.find(row.run_id);
    const store::Variant& variant = row.variant;
    if (run == rows_.end() || !variant.tensor.empty()) return;
    Collected& collected = at({.architecture = run->second->architecture,
                               .pruning = variant.pruning,
                               .sparsity_asked = variant.sparsity_asked,
                               .quantization = variant.quantization,
                               .format = variant.format},
                              *run->second);
    collected.choice.bits = variant.bits;
    collected.choice.activations = variant.activations;
    collected.choice.arithmetic = variant.arithmetic;
    add(collected, row.run_id,
        {.accuracy = study::choosing_accuracy(variant.validation_accuracy, variant.test_accuracy),
         .test_accuracy = variant.test_accuracy,
         .sparsity = variant.sparsity(),
         .bytes = static_cast<double>(variant.bytes.packed),
         .parameters = variant.parameters > 0 ? variant.parameters : run->second->parameters},
        demand_);
  }

  [[nodiscard]] std::vector<Choice> judged() {
    std::vector<Choice> choices;
    for (auto& [key, collected] : collected_) choices.push_back(judged(collected));
    return choices;
  }

 private:
  Collected& at(const Key& key, const store::RunRow& run) {
    Collected& collected = collected_[key];
    Choice& choice = collected.choice;
    choice.family = run.family;
    choice.architecture = key.architecture;
    choice.pruning = key.pruning;
    choice.sparsity_asked = key.sparsity_asked;
    choice.quantization = key.quantization;
    choice.format = key.format;
    return collected;
  }

  [[nodiscard]] Choice judged(Collected& collected) const;

  const Demand& demand_;
  std::map<std::string, const store::RunRow*> rows_;
  std::map<std::string, std::int64_t> diverged_;
  std::map<Key, Collected> collected_;
};

// From the run in the middle outwards.
std::vector<std::string> middle_first(const std::vector<std::pair<double, std::string>>& sorted) {
  std::vector<std::string> ids;
  const auto count = static_cast<std::ptrdiff_t>(sorted.size());
  const std::ptrdiff_t middle = (count - 1) / 2;
  for (std::ptrdiff_t step = 0; step < count; ++step) {
    const std::ptrdiff_t i = middle + (step % 2 == 0 ? -step / 2 : (step + 1) / 2);
    ids.push_back(sorted[static_cast<std::size_t>(i)].second);
  }
  return ids;
}

double lower_limit(const Choice& choice, double confidence) {
  return 1.0 - binomial_upper_limit(choice.replicates - choice.met, choice.replicates, confidence);
}

double corrected(double confidence, std::int64_t choices) {
  return 1.0 - (1.0 - confidence) / static_cast<double>(std::max<std::int64_t>(choices, 1));
}

Choice Choices::judged(Collected& collected) const {
  Choice choice = std::move(collected.choice);
  const auto diverged = diverged_.find(choice.architecture);
  choice.replicates = static_cast<std::int64_t>(collected.runs.size()) +
                      (diverged == diverged_.end() ? 0 : diverged->second);
  std::ranges::sort(collected.runs);
  auto& runs = collected.runs;
  const auto first =
      std::ranges::find_if(runs, [this](const auto& run) { return reaches(run.first, demand_); });
  choice.met = runs.end() - first;
  if (choice.met > 0) runs.erase(runs.begin(), first);
  choice.run_ids = middle_first(runs);
  choice.accuracy = summary_of(collected.accuracy);
  choice.test = {collected.test_met, summary_of(collected.test_accuracy)};
  choice.sparsity = collected.sparsity.mean();
  choice.bytes = collected.bytes.mean();
  choice.parameters = std::llround(collected.parameters.mean());
  choice.least_share = lower_limit(choice, demand_.confidence);
  const auto all = static_cast<std::int64_t>(collected_.size());
  choice.corrected_share = lower_limit(choice, corrected(demand_.confidence, all));
  const double share = static_cast<double>(choice.met) / static_cast<double>(choice.replicates);
  if (choice.corrected_share >= demand_.reliability) {
    choice.evidence = Evidence::shown;
  } else if (choice.least_share >= demand_.reliability) {
    choice.evidence = Evidence::shown_alone;
  } else if (share >= demand_.reliability - kRounding) {
    choice.evidence = Evidence::observed;
  }
  return choice;
}

bool is_within(const Choice& choice, const Demand& demand) {
  return (!demand.max_bytes || choice.bytes <= *demand.max_bytes) &&
         (!demand.max_parameters || choice.parameters <= *demand.max_parameters);
}

// Ties by name, so that the order never depends on chance.
auto by_size(const Choice& choice) {
  return std::tuple(choice.bytes, -choice.accuracy.mean, choice.architecture, choice.pruning,
                    choice.sparsity_asked, choice.quantization, choice.format);
}

auto by_nearness(const Choice& choice) {
  const double share = static_cast<double>(choice.met) / static_cast<double>(choice.replicates);
  return std::tuple(-share, -choice.accuracy.mean, choice.bytes);
}

Recommendation recommended(const store::DatasetRecord& dataset, const Demand& demand,
                           std::vector<Choice> choices) {
  Recommendation result{
      .dataset = dataset.name, .demand = demand, .validation_images = dataset.validation_count};
  result.choices = static_cast<std::int64_t>(choices.size());
  std::ranges::sort(choices, {}, by_size);
  std::vector<Choice> within;
  std::ranges::copy_if(choices, std::back_inserter(within),
                       [&demand](const Choice& each) { return is_within(each, demand); });
  result.too_large = result.choices - static_cast<std::int64_t>(within.size());
  for (const Choice& choice : within) {
    if (choice.evidence != Evidence::missed) result.met.push_back(choice);
  }
  std::ranges::stable_sort(result.met, {}, &Choice::evidence);
  if (result.met.empty()) {
    const auto& among = within.empty() ? choices : within;
    if (!among.empty()) result.nearest = *std::ranges::min_element(among, {}, by_nearness);
    return result;
  }
  for (const Choice& choice : within) {
    if (choice.bytes >= result.met.front().bytes) break;
    if (choice.evidence == Evidence::missed) result.beyond = choice;
  }
  return result;
}

}  // namespace

std::string to_string(Evidence evidence) {
  constexpr const char* kWords[] = {"shown", "shown alone", "observed", "missed"};
  return kWords[static_cast<int>(evidence)];
}

std::vector<Recommendation> recommendations_of(const Population& population, const Demand& demand) {
  const auto is_share = [](double value) { return value > 0.0 && value < 1.0; };
  if (!is_share(demand.reliability) || !is_share(demand.confidence)) {
    throw std::invalid_argument("a reliability and a confidence are between 0 and 1");
  }
  std::map<std::string, Choices> choices;
  for (const store::DatasetRecord& dataset : population.datasets) {
    choices.try_emplace(dataset.name, demand);
  }
  std::map<std::string, std::string> dataset_of_run;
  for (const store::RunRow& run : population.runs) {
    choices.at(run.dataset).add_run(run);
    dataset_of_run.emplace(run.id, run.dataset);
  }
  for (const store::VariantRow& row : population.variants) {
    const auto dataset = dataset_of_run.find(row.run_id);
    if (dataset != dataset_of_run.end()) choices.at(dataset->second).add_variant(row);
  }
  std::vector<Recommendation> results;
  for (const store::DatasetRecord& dataset : population.datasets) {
    results.push_back(recommended(dataset, demand, choices.at(dataset.name).judged()));
  }
  return results;
}

std::int64_t replicates_to_show(const Demand& demand, std::int64_t choices) {
  // All of n meet it: the limit is the n-th root of the probability of an error.
  const double error = 1.0 - corrected(demand.confidence, choices);
  return static_cast<std::int64_t>(
      std::ceil(std::log(error) / std::log(demand.reliability) - kRounding));
}

}  // namespace minima::analysis
