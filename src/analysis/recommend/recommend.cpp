#include "analysis/recommend/recommend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "core/numbers/tolerance.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/distributions.h"
#include "statistics/tests/fixed_sequence.h"
#include "study/settings/limits.h"

namespace minima::analysis {
namespace {

constexpr double kPower = 0.8;
constexpr std::size_t kSmallerCandidates = 2;
constexpr std::size_t kCandidates = 4;

double level_of(const Demand& demand) {
  return 1.0 - demand.confidence;
}

/// The smallest p-value possible with this number of replicates.
double least_p(std::int64_t replicates, double reliability) {
  return std::pow(reliability, static_cast<double>(replicates));
}

/// Tests the choices in order and records the evidence.
class Tests {
 public:
  Tests(std::vector<JudgedChoice>& choices, const Demand& demand)
      : choices_(choices), demand_(demand) {
    std::vector<PlannedChoice> planned;
    for (const JudgedChoice& each : choices) planned.push_back(each.planned);
    order_ = test_order(planned);
    all_ = static_cast<std::int64_t>(order_.size());
    for (auto& sequence : order_) {
      std::erase_if(sequence, [this](std::size_t i) { return !can_be_shown(choices_[i].choice); });
    }
    std::erase_if(order_, [](const auto& sequence) { return sequence.empty(); });
  }

  void run(Recommendation& result) {
    result.sequences = all_;
    if (order_.empty()) return;
    const std::int64_t shared =
        sequences_to_share(level_of(demand_), least_p(fewest_replicates(), demand_.reliability),
                           static_cast<std::int64_t>(order_.size()));
    result.tested_sequences = shared;
    std::vector<TestSequence> sequences;
    for (const auto& sequence : order_) {
      const bool has_level = static_cast<std::int64_t>(sequences.size()) < shared;
      TestSequence& test = sequences.emplace_back();
      test.level = has_level ? level_of(demand_) / static_cast<double>(shared) : 0.0;
      for (const std::size_t i : sequence) test.p_values.push_back(choices_[i].choice.p_value);
    }
    take_over(test_sequences(sequences));
  }

 private:
  /// Whether the choice has enough replicates, not selected by their results.
  [[nodiscard]] bool can_be_shown(const Choice& choice) const {
    return choice.has_all_runs &&
           least_p(choice.replicates, demand_.reliability) <= level_of(demand_) * (1.0 + 1e-12);
  }

  [[nodiscard]] std::int64_t fewest_replicates() const {
    std::int64_t fewest = choices_[order_.front().front()].choice.replicates;
    for (const auto& sequence : order_) {
      for (const std::size_t i : sequence) {
        fewest = std::min(fewest, choices_[i].choice.replicates);
      }
    }
    return fewest;
  }

  void take_over(const std::vector<TestedSequence>& tested) {
    for (std::size_t s = 0; s < tested.size(); ++s) {
      for (std::size_t place = 0; place < order_[s].size(); ++place) {
        Choice& choice = choices_[order_[s][place]].choice;
        if (place < tested[s].rejected) {
          choice.evidence = ChoiceEvidence::shown;
          choice.level = tested[s].levels[place];
        } else if (place == tested[s].rejected) {
          choice.level = tested[s].level;
        }
      }
    }
  }

  std::vector<JudgedChoice>& choices_;
  const Demand& demand_;
  std::vector<std::vector<std::size_t>> order_;
  std::int64_t all_ = 0;
};

bool is_within(const Choice& choice, const Demand& demand) {
  return (!demand.max_bytes || choice.bytes <= *demand.max_bytes) &&
         (!demand.max_parameters || choice.parameters <= *demand.max_parameters) &&
         (!demand.device || (choice.device && choice.device->fits(*demand.device)));
}

/// Whether the results would be improbable if the demand were met with probability R or more.
bool is_excluded(const Choice& choice, const Demand& demand) {
  const std::int64_t missed = choice.replicates - choice.met;
  return binomial_upper_tail(missed, choice.replicates, 1.0 - demand.reliability) <=
         level_of(demand);
}

// Ties in bytes go to a network that exports as a C program, then by name, so that the order is
// deterministic.
auto by_size(const Choice& choice) {
  return std::tuple(choice.bytes, !choice.is_integer(), -choice.accuracy.mean, choice.architecture,
                    choice.pruning, choice.sparsity_asked, choice.quantization, choice.format);
}

auto by_nearness(const Choice& choice) {
  return std::tuple(-choice.share(), -choice.accuracy.mean, choice.bytes);
}

/// The name of the majority class, taken from a network that predicts only this class.
std::string largest_class(const Population& population, const record::DatasetRecord& dataset) {
  for (const record::RunRow& run : population.runs) {
    if (run.dataset != dataset.name || run.result.history.empty()) continue;
    const record::EpochRecord& last = run.result.history.back();
    const auto label = static_cast<std::size_t>(last.top_class);
    const bool is_it = last.predicted_classes == 1 &&
                       std::abs(run.result.test_accuracy - dataset.majority_share) < kRounding;
    if (is_it && label < dataset.class_names.size()) return dataset.class_names[label];
  }
  return "";
}

void sort_out(Recommendation& result, std::vector<Choice> choices) {
  std::ranges::sort(choices, {}, by_size);
  std::vector<Choice> within;
  std::ranges::copy_if(choices, std::back_inserter(within),
                       [&result](const Choice& each) { return is_within(each, result.demand); });
  result.too_large = result.choices - static_cast<std::int64_t>(within.size());
  for (const Choice& choice : within) {
    if (choice.evidence != ChoiceEvidence::missed) {
      result.met.push_back(choice);
    } else if (!is_excluded(choice, result.demand)) {
      result.open.push_back(choice);
    }
  }
  if (result.met.empty()) {
    const auto& among = within.empty() ? choices : within;
    if (!among.empty()) result.nearest = *std::ranges::min_element(among, {}, by_nearness);
    return;
  }
  for (const Choice& choice : within) {
    if (choice.bytes >= result.met.front().bytes) break;
    if (choice.evidence == ChoiceEvidence::missed && is_excluded(choice, result.demand)) {
      result.beyond = choice;
    }
  }
}

Recommendation recommended(const Population& population, const record::DatasetRecord& dataset,
                           const Demand& demand, double significance) {
  Recommendation result{.dataset = dataset.name,
                        .demand = demand,
                        .test_images = dataset.test_count,
                        .validation_images = dataset.validation_count,
                        .majority_share = dataset.majority_share,
                        .largest_class = largest_class(population, dataset)};
  std::vector<JudgedChoice> judged = choices_of(population, dataset, demand, significance);
  result.choices = static_cast<std::int64_t>(judged.size());
  Tests(judged, demand).run(result);
  std::vector<Choice> choices;
  for (JudgedChoice& each : judged) {
    choices.push_back(std::move(each.choice));
    result.planned.push_back(std::move(each.planned));
  }
  sort_out(result, std::move(choices));
  result.follow_up = follow_up_of(demand.reliability, level_of(demand), study::kMaxRuns);
  return result;
}

/// The fewest of `replicates` that must meet the demand to show R at this level; replicates + 1 if
/// all of them would not suffice.
std::int64_t needed_of(std::int64_t replicates, double reliability, double level) {
  std::int64_t low = 0;
  std::int64_t high = replicates + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (binomial_upper_tail(middle, replicates, reliability) <= level) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// The smallest choices that meet the demand or may do so, in ascending size.
std::vector<const Choice*> candidates_of(const Recommendation& from) {
  if (from.met.empty()) {
    return from.nearest ? std::vector<const Choice*>{&*from.nearest} : std::vector<const Choice*>{};
  }
  std::vector<const Choice*> smaller;
  for (const Choice& each : from.open) {
    if (each.bytes < from.met.front().bytes && each.met > 0) smaller.push_back(&each);
  }
  std::ranges::sort(smaller, {},
                    [](const Choice* each) { return std::tuple(-each->share(), by_size(*each)); });
  if (smaller.size() > kSmallerCandidates) smaller.resize(kSmallerCandidates);
  std::ranges::sort(smaller, {}, [](const Choice* each) { return by_size(*each); });
  std::set<std::string> architectures;
  for (const Choice* each : smaller) architectures.insert(each->architecture);
  for (const Choice& each : from.met) {
    if (smaller.size() == kCandidates) break;
    const bool is_new = architectures.insert(each.architecture).second;
    if (is_new || &each == &from.met.front()) smaller.push_back(&each);
  }
  return smaller;
}

/// Number of test sequences that these architectures form with these protocols.
std::int64_t sequences_of(const Recommendation& from, const NextRuns& next) {
  const auto holds = [](const std::vector<std::string>& names, const std::string& name) {
    return name.empty() || std::ranges::find(names, name) != names.end();
  };
  std::vector<PlannedChoice> planned;
  for (const PlannedChoice& each : from.planned) {
    if (holds(next.architectures, each.architecture) && holds(next.pruning, each.pruning) &&
        holds(next.quantization, each.quantization)) {
      planned.push_back(each);
    }
  }
  return static_cast<std::int64_t>(test_order(planned).size());
}

}  // namespace

const Choice* Recommendation::smallest_shown() const {
  const auto found = std::ranges::find(met, ChoiceEvidence::shown, &Choice::evidence);
  return found == met.end() ? nullptr : &*found;
}

const Choice* Recommendation::smallest_in_c() const {
  const auto found = std::ranges::find_if(met, &Choice::is_integer);
  return found == met.end() ? nullptr : &*found;
}

Recommendation recommendation_of(const Population& population, const record::DatasetRecord& dataset,
                                 const Demand& demand, const study::AnalysisSettings& settings) {
  const auto is_share = [](double value) { return value > 0.0 && value < 1.0; };
  if (!is_share(demand.reliability) || !is_share(demand.confidence)) {
    throw std::invalid_argument("a reliability and a confidence are between 0 and 1");
  }
  return recommended(population, dataset, demand, settings.significance);
}

std::vector<Recommendation> recommendations_of(const Population& population, const Demand& demand,
                                               const study::AnalysisSettings& settings) {
  std::vector<Recommendation> results;
  for (const record::DatasetRecord& dataset : population.datasets) {
    results.push_back(recommendation_of(population, dataset, demand, settings));
  }
  return results;
}

Population population_to_choose_from(const store::Reader& store) {
  Population population{.study = store.study(),
                        .datasets = store.datasets(),
                        .runs = store.runs(),
                        .variants = store.variants()};
  std::map<std::string, record::RunResult*> results;
  for (record::RunRow& run : population.runs) results.emplace(run.id, &run.result);
  store.histories([&results](const std::string& run_id, record::EpochRecord&& epoch) {
    const auto found = results.find(run_id);
    if (found == results.end() || found->second->status == record::RunStatus::planned) return;
    auto& history = found->second->history;
    if (history.empty()) history.emplace_back();
    if (epoch.epoch >= history.front().epoch) history.front() = std::move(epoch);
  });
  return population;
}

std::optional<FollowUp> follow_up_of(double reliability, double level, std::int64_t most) {
  const double probability = 1.0 - (1.0 - reliability) / 4.0;
  const auto suffices = [&](std::int64_t replicates) {
    const std::int64_t needed = needed_of(replicates, reliability, level);
    return needed <= replicates && binomial_upper_tail(needed, replicates, probability) >= kPower;
  };
  std::int64_t high = 1;
  while (high < most && !suffices(high)) high = std::min(2 * high, most);
  if (most < 1 || !suffices(high)) return std::nullopt;
  // Power is a sawtooth in the number of replicates, so bisection would not find the minimum. Below
  // this start, even all replicates meeting the demand could not reject. Above a few thousand, the
  // teeth are finer than any plan needs.
  constexpr std::int64_t kMostTried = 4000;
  auto fewest = static_cast<std::int64_t>(std::ceil(std::log(level) / std::log(reliability)));
  fewest = std::clamp<std::int64_t>(fewest, std::max<std::int64_t>(1, high - kMostTried), high);
  while (!suffices(fewest)) ++fewest;
  return FollowUp{.replicates = fewest, .needed = needed_of(fewest, reliability, level)};
}

std::optional<NextRuns> next_runs(const Recommendation& recommendation, std::int64_t most_runs) {
  const auto& met = recommendation.met;
  if (!met.empty() && met.front().evidence == ChoiceEvidence::shown) return std::nullopt;
  NextRuns next;
  for (const Choice* each : candidates_of(recommendation)) {
    add_new(next.architectures, each->architecture);
    add_new(next.pruning, each->pruning);
    add_new(next.quantization, each->quantization);
  }
  if (next.architectures.empty()) return std::nullopt;
  next.sequences = sequences_of(recommendation, next);
  const double level = level_of(recommendation.demand) / static_cast<double>(next.sequences);
  next.runs = follow_up_of(recommendation.demand.reliability, level,
                           most_runs / static_cast<std::int64_t>(next.architectures.size()));
  return next;
}

}  // namespace minima::analysis
