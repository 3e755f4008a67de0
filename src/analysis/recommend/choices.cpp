#include "analysis/recommend/choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "analysis/population/chance.h"
#include "analysis/recommend/prediction_cost.h"
#include "core/numbers/tolerance.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "statistics/distributions.h"
#include "statistics/statistics.h"
#include "study/settings/number_format.h"

namespace minima::analysis {
namespace {

constexpr double kFloatBytes = 4.0;

struct Key {
  std::string architecture;
  std::string pruning;
  double sparsity_asked = 0.0;
  std::string quantization;
  study::ValueFormat format;
  bool operator<(const Key& other) const {
    return std::tie(architecture, pruning, sparsity_asked, quantization, format) <
           std::tie(other.architecture, other.pruning, other.sparsity_asked, other.quantization,
                    other.format);
  }
};

/// A choice while its replicates are collected.
struct ChoiceRuns {
  Choice choice;
  std::int64_t trained_parameters = 0;
  Moments accuracy;
  Moments test_accuracy;
  Moments sparsity;
  Moments bytes;
  Moments parameters;
  Moments multiply_adds;
  Moments ram;
  Moments milliseconds;
  std::optional<DeviceUse> device;
  std::vector<std::pair<bool, ChoiceRun>> runs;  // whether the run met the demand
};

/// The result of one run under one choice.
struct Trial {
  ChoiceRun run;
  bool always_one_class = false;
  double sparsity = 0.0;
  double bytes = 0.0;
  std::int64_t parameters = 0;
  std::optional<PredictionCost> cost;
};

/// Decides whether a trial meets the demand.
class Judge {
 public:
  Judge(const record::DatasetRecord& dataset, const Demand& demand, double significance)
      : accuracy_(demand.accuracy),
        majority_share_(dataset.majority_share),
        chance_(dataset, significance) {}

  [[nodiscard]] bool reaches(double accuracy) const {
    return accuracy >= accuracy_ - kRounding;  // false for NaN
  }
  /// Whether a network is no better than the majority class. The test images decide with a
  /// significance test, the images used for selection without one, because they may be too few.
  [[nodiscard]] bool guesses(const Trial& trial) const {
    return trial.always_one_class || !chance_.is_beaten_by(trial.run.test_accuracy) ||
           !(trial.run.accuracy > majority_share_ + kRounding);
  }

 private:
  double accuracy_;
  double majority_share_;
  Chance chance_;
};

class Choices {
 public:
  Choices(const record::DatasetRecord& dataset, const Demand& demand, double significance)
      : dataset_(dataset), demand_(demand), judge_(dataset, demand, significance) {}

  void add_run(const record::RunRow& run) {
    if (run.result.status == record::RunStatus::planned) return;
    if (run.result.status == record::RunStatus::diverged) {
      ++diverged_[run.architecture];
      return;
    }
    rows_.emplace(run.id, &run);
    const record::RunResult& result = run.result;
    ChoiceRuns& dense = at({.architecture = run.architecture}, run);
    Trial trial{.run = {run.id,
                        record::choosing_accuracy(result.validation_accuracy, result.test_accuracy),
                        result.test_accuracy}};
    trial.always_one_class =
        !result.history.empty() && result.history.back().predicted_classes == 1;
    trial.bytes = kFloatBytes * static_cast<double>(run.parameters);
    trial.parameters = run.parameters;
    trial.cost = cost_of(run.architecture, {});
    add(dense, trial);
  }

  void add_variant(const record::VariantRow& row) {
    const auto found = rows_.find(row.run_id);
    const record::Variant& variant = row.variant;
    if (found == rows_.end() || !variant.tensor.empty()) return;
    const record::RunRow& run = *found->second;
    ChoiceRuns& collected = at({.architecture = run.architecture,
                                .pruning = variant.pruning,
                                .sparsity_asked = variant.sparsity_asked,
                                .quantization = variant.quantization,
                                .format = variant.format},
                               run);
    collected.choice.bits = variant.bits;
    collected.choice.activations = variant.activations;
    collected.choice.arithmetic = variant.arithmetic;
    Trial trial{
        .run = {run.id,
                record::choosing_accuracy(variant.validation_accuracy, variant.test_accuracy),
                variant.test_accuracy}};
    trial.sparsity = variant.sparsity();
    trial.bytes = static_cast<double>(variant.bytes.packed);
    trial.parameters = variant.parameters > 0 ? variant.parameters : run.parameters;
    trial.cost = cost_of(variant.architecture.empty() ? run.architecture : variant.architecture,
                         variant.arithmetic == record::Arithmetic::integer ? variant.activations
                                                                           : study::ValueFormat());
    add(collected, trial);
  }

  [[nodiscard]] std::vector<JudgedChoice> judged() const {
    std::vector<JudgedChoice> choices;
    for (const auto& [key, collected] : collected_) choices.push_back(judged(collected));
    return choices;
  }

 private:
  ChoiceRuns& at(const Key& key, const record::RunRow& run) {
    ChoiceRuns& collected = collected_[key];
    Choice& choice = collected.choice;
    choice.family = run.family;
    choice.architecture = key.architecture;
    choice.pruning = key.pruning;
    choice.sparsity_asked = key.sparsity_asked;
    choice.quantization = key.quantization;
    choice.format = key.format;
    collected.trained_parameters = run.parameters;
    return collected;
  }

  void add(ChoiceRuns& collected, const Trial& trial);
  void add_device(ChoiceRuns& collected, const Trial& trial) const;
  [[nodiscard]] std::optional<PredictionCost> cost_of(const std::string& architecture,
                                                      study::ValueFormat activations);
  [[nodiscard]] JudgedChoice judged(ChoiceRuns collected) const;
  void count_diverged(ChoiceRuns& collected) const;

  const record::DatasetRecord& dataset_;
  const Demand& demand_;
  Judge judge_;
  std::map<std::string, const record::RunRow*> rows_;
  std::map<std::string, std::int64_t> diverged_;
  std::map<Key, ChoiceRuns> collected_;
  std::map<std::pair<std::string, study::ValueFormat>, std::optional<PredictionCost>> costs_;
};

void Choices::add(ChoiceRuns& collected, const Trial& trial) {
  const auto or_largest_class = [this](double accuracy) {
    return std::isfinite(accuracy) ? accuracy : dataset_.majority_share;
  };
  collected.accuracy.add(or_largest_class(trial.run.accuracy));
  collected.test_accuracy.add(or_largest_class(trial.run.test_accuracy));
  const bool guesses = judge_.guesses(trial);
  const bool reaches = judge_.reaches(trial.run.accuracy);
  if (reaches && guesses) ++collected.choice.guessed;
  if (judge_.reaches(trial.run.test_accuracy) && !guesses) ++collected.choice.test.met;
  collected.sparsity.add(trial.sparsity);
  collected.bytes.add(trial.bytes);
  collected.parameters.add(static_cast<double>(trial.parameters));
  if (trial.cost) {
    collected.multiply_adds.add(static_cast<double>(trial.cost->multiply_adds));
    if (trial.cost->ram_bytes) collected.ram.add(static_cast<double>(*trial.cost->ram_bytes));
    if (trial.cost->ram_bytes && demand_.device) add_device(collected, trial);
  }
  collected.runs.emplace_back(reaches && !guesses, trial.run);
}

void Choices::add_device(ChoiceRuns& collected, const Trial& trial) const {
  const DeviceUse use =
      device_use(*demand_.device, *trial.cost, std::llround(trial.bytes), collected.choice.bits);
  collected.milliseconds.add(use.milliseconds);
  if (!collected.device) collected.device = use;
  DeviceUse& most = *collected.device;
  most.flash_bytes = std::max(most.flash_bytes, use.flash_bytes);
  most.ram_bytes = std::max(most.ram_bytes, use.ram_bytes);
  most.milliseconds = collected.milliseconds.mean();
}

std::optional<PredictionCost> Choices::cost_of(const std::string& architecture,
                                               study::ValueFormat activations) {
  const auto [known, is_new] = costs_.try_emplace({architecture, activations});
  if (is_new)
    known->second = prediction_cost(architecture, dataset_.problem, activations.quantized);
  return known->second;
}

/// Orders runs from the median outwards; `sorted`: by ascending accuracy.
std::vector<ChoiceRun> middle_first(const std::vector<std::pair<bool, ChoiceRun>>& sorted) {
  std::vector<ChoiceRun> runs;
  const auto count = static_cast<std::ptrdiff_t>(sorted.size());
  const std::ptrdiff_t middle = (count - 1) / 2;
  for (std::ptrdiff_t step = 0; step < count; ++step) {
    const std::ptrdiff_t i = middle + (step % 2 == 0 ? -step / 2 : (step + 1) / 2);
    runs.push_back(sorted[static_cast<std::size_t>(i)].second);
  }
  return runs;
}

void Choices::count_diverged(ChoiceRuns& collected) const {
  const auto diverged = diverged_.find(collected.choice.architecture);
  if (diverged == diverged_.end()) return;
  collected.choice.replicates += diverged->second;
  for (std::int64_t i = 0; i < diverged->second; ++i) {
    collected.accuracy.add(dataset_.majority_share);
    collected.test_accuracy.add(dataset_.majority_share);
  }
}

std::optional<std::int64_t> mean_of(const Moments& values) {
  return values.count() > 0 ? std::optional(std::llround(values.mean())) : std::nullopt;
}

/// The runs that met the demand, or all if none did, from the median outwards.
std::vector<ChoiceRun> runs_to_export(std::vector<std::pair<bool, ChoiceRun>> runs,
                                      std::int64_t met) {
  std::ranges::sort(runs, {}, [](const auto& each) {
    const double accuracy = each.second.accuracy;
    return std::tuple(each.first, std::isfinite(accuracy) ? accuracy : -1.0, each.second.id);
  });
  if (met > 0) runs.erase(runs.begin(), runs.end() - met);
  return middle_first(runs);
}

PlannedChoice planned_of(const Choice& choice, std::int64_t trained_parameters) {
  return {.architecture = choice.architecture,
          .parameters = trained_parameters,
          .pruning = choice.pruning,
          .sparsity_asked = choice.sparsity_asked,
          .quantization = choice.quantization,
          .format = choice.format,
          .bits = choice.bits,
          .in_integers = choice.is_integer()};
}

JudgedChoice Choices::judged(ChoiceRuns collected) const {
  const Key dense{.architecture = collected.choice.architecture};
  const std::size_t finished = collected_.at(dense).runs.size();
  collected.choice.replicates = static_cast<std::int64_t>(collected.runs.size());
  count_diverged(collected);
  Choice choice = std::move(collected.choice);
  choice.has_all_runs = collected.runs.size() == finished;
  choice.met = std::ranges::count_if(collected.runs, [](const auto& each) { return each.first; });
  choice.runs = runs_to_export(std::move(collected.runs), choice.met);
  choice.accuracy = summary_of(collected.accuracy);
  choice.test.accuracy = summary_of(collected.test_accuracy);
  choice.sparsity = collected.sparsity.mean();
  choice.bytes = collected.bytes.mean();
  choice.parameters = std::llround(collected.parameters.mean());
  choice.multiply_adds = mean_of(collected.multiply_adds);
  choice.ram_bytes = mean_of(collected.ram);
  choice.device = collected.device;
  choice.p_value = binomial_upper_tail(choice.met, choice.replicates, demand_.reliability);
  choice.least_share = 1.0 - binomial_upper_limit(choice.replicates - choice.met, choice.replicates,
                                                  demand_.confidence);
  if (choice.share() >= demand_.reliability - kRounding) choice.evidence = ChoiceEvidence::observed;
  PlannedChoice planned = planned_of(choice, collected.trained_parameters);
  return {std::move(choice), std::move(planned)};
}

}  // namespace

std::string compression_of(const Choice& choice) {
  std::string text;
  if (!choice.pruning.empty()) text = fmt::format("{:.0f} % sparse, ", 100.0 * choice.sparsity);
  text += study::format_label(choice.format, choice.quantization);
  if (choice.is_integer()) return text + ", integer arithmetic";
  if (choice.activations.quantized) text += fmt::format(", activations {}", choice.activations);
  return text;
}

std::string protocols_of(const Choice& choice) {
  std::string text;
  if (!choice.pruning.empty()) text = "pruning by " + choice.pruning;
  if (choice.quantization.empty()) return text;
  return text + (text.empty() ? "" : "; ") + "quantization by " + choice.quantization;
}

std::vector<JudgedChoice> choices_of(const Population& population,
                                     const record::DatasetRecord& dataset, const Demand& demand,
                                     double significance) {
  Choices choices(dataset, demand, significance);
  for (const record::RunRow& run : population.runs) {
    if (run.dataset == dataset.name) choices.add_run(run);
  }
  for (const record::VariantRow& row : population.variants) choices.add_variant(row);
  return choices.judged();
}

}  // namespace minima::analysis
