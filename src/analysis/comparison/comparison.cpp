#include "analysis/comparison/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/images/outcome_sums.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

/// Bytes of sums over test images that a comparison may hold; beyond, it uses accuracies alone.
constexpr std::size_t kMostSumBytes = std::size_t{512} * 1024 * 1024;

/// The recorded runs of an architecture.
struct Runs {
  network::Family family = network::Family::dnn;
  std::int64_t parameters = 0;
  std::set<std::string> ids;
  std::vector<double> accuracies;  ///< a diverged run has that of the most frequent class
  std::vector<int> replicates;     ///< of each accuracy
};

using RunsOf = std::map<std::string, Runs>;  // by architecture

RunsOf runs_on(const Population& population, const record::DatasetRecord& dataset) {
  RunsOf all;
  for (const record::RunRow& run : population.runs) {
    if (run.dataset != dataset.name || run.result.status == record::RunStatus::planned) continue;
    Runs& runs = all[run.architecture];
    runs.family = run.family;
    runs.parameters = run.parameters;
    runs.ids.insert(run.id);
    const bool finished = run.result.status == record::RunStatus::finished;
    runs.accuracies.push_back(finished ? run.result.test_accuracy : dataset.majority_share);
    runs.replicates.push_back(run.replicate);
  }
  return all;
}

/// A dataset of both studies with the same data.
struct SharedDataset {
  const record::DatasetRecord& first;
  const record::DatasetRecord& second;
};

const record::DatasetRecord* with_same_data(const record::DatasetRecord& dataset,
                                            const Population& population) {
  const auto at = std::ranges::find_if(population.datasets, [&](const auto& other) {
    return other.checksum == dataset.checksum && other.problem == dataset.problem &&
           other.test_count == dataset.test_count;
  });
  return at == population.datasets.end() ? nullptr : &*at;
}

const record::DatasetRecord* with_same_name(const record::DatasetRecord& dataset,
                                            const Population& population) {
  const auto at =
      std::ranges::find(population.datasets, dataset.name, &record::DatasetRecord::name);
  return at == population.datasets.end() ? nullptr : &*at;
}

std::optional<DatasetHeadline> headline_in(const ComparedStudy& study, const std::string& dataset) {
  const auto& all = study.headline.datasets;
  const auto at = std::ranges::find(all, dataset, &DatasetHeadline::dataset);
  return at == all.end() ? std::nullopt : std::optional(*at);
}

// ---- pairs of architectures ------------------------------------------------------------------

/// Architectures of both studies that have different runs.
struct Shared {
  std::vector<std::string> architectures;  ///< by parameters, then by name
  std::int64_t same_runs = 0;
};

Shared shared_architectures(const RunsOf& first, const RunsOf& second) {
  Shared shared;
  for (const auto& [architecture, runs] : first) {
    const auto other = second.find(architecture);
    if (other == second.end()) continue;
    if (other->second.ids == runs.ids) {
      ++shared.same_runs;
    } else {
      shared.architectures.push_back(architecture);
    }
  }
  std::ranges::stable_sort(shared.architectures, {}, [&](const std::string& architecture) {
    return first.at(architecture).parameters;
  });
  return shared;
}

/// Outcomes of all shared architectures by image; nullopt if some are missing.
struct PairedOutcomes {
  OutcomeSums first;
  OutcomeSums second;
};

bool have_same_labels(const ComparedStudy& first, const ComparedStudy& second,
                      const SharedDataset& dataset) {
  if (!first.outcomes.labels || !second.outcomes.labels) return false;
  const auto a = first.outcomes.labels(dataset.first.name);
  const auto b = second.outcomes.labels(dataset.second.name);
  return a && b && a->test.size() > 1 && a->test == b->test;
}

std::optional<PairedOutcomes> paired_outcomes(const ComparedStudy& first,
                                              const ComparedStudy& second,
                                              const SharedDataset& dataset, const Shared& shared) {
  const auto images = static_cast<std::size_t>(std::max<std::int64_t>(dataset.first.test_count, 1));
  const std::size_t bytes = 2 * sizeof(std::int32_t) * images * shared.architectures.size();
  if (bytes > kMostSumBytes || !have_same_labels(first, second, dataset)) return std::nullopt;
  const auto sums = [&](const ComparedStudy& study, const std::string& name) {
    std::set<ArchitectureKey> wanted;
    for (const std::string& architecture : shared.architectures) wanted.emplace(name, architecture);
    return outcome_sums_of(study.input.population, study.outcomes, wanted);
  };
  PairedOutcomes outcomes{sums(first, dataset.first.name), sums(second, dataset.second.name)};
  const bool all = outcomes.first.size() == shared.architectures.size() &&
                   outcomes.second.size() == shared.architectures.size();
  return all ? std::optional(std::move(outcomes)) : std::nullopt;
}

/// For each replicate the mean over the architectures of its accuracy minus their means.
std::vector<double> replicate_means(const RunsOf& all,
                                    const std::vector<std::string>& architectures) {
  std::map<int, Moments> deviations;
  for (const std::string& architecture : architectures) {
    const Runs& runs = all.at(architecture);
    const double mean = moments_of(runs.accuracies).mean();
    for (std::size_t i = 0; i < runs.accuracies.size(); ++i) {
      deviations[runs.replicates[i]].add(runs.accuracies[i] - mean);
    }
  }
  std::vector<double> means;
  for (const auto& [replicate, of] : deviations) means.push_back(of.mean());
  return means;
}

bool excludes_zero(const AccuracyDifference& difference) {
  return !std::isnan(difference.se_seeds) && (difference.low > 0.0 || difference.high < 0.0);
}

/// Adds the pairs; differences are second minus first.
class PairMaker {
 public:
  PairMaker(const SharedDataset& dataset, const RunsOf& first, const RunsOf& second,
            std::optional<PairedOutcomes> outcomes, double confidence)
      : dataset_(dataset),
        first_(first),
        second_(second),
        outcomes_(std::move(outcomes)),
        confidence_(confidence) {}

  void add(const Shared& shared, DatasetComparison& comparison) {
    comparison.same_runs = shared.same_runs;
    comparison.per_image = outcomes_.has_value();
    if (shared.architectures.empty()) return;
    const double jointly =
        1.0 - (1.0 - confidence_) / static_cast<double>(shared.architectures.size());
    for (const std::string& architecture : shared.architectures) {
      ArchitecturePair pair = pair_of(architecture);
      pair.difference = difference(architecture, confidence_);
      pair.is_clear = excludes_zero(difference(architecture, jointly));
      if (pair.is_clear) ++(pair.difference.mean > 0.0 ? comparison.better : comparison.worse);
      comparison.pairs.push_back(std::move(pair));
    }
    comparison.mean = mean(shared);
  }

 private:
  [[nodiscard]] ArchitecturePair pair_of(const std::string& architecture) const {
    const Runs& a = first_.at(architecture);
    const Runs& b = second_.at(architecture);
    return {.family = a.family,
            .architecture = architecture,
            .parameters = a.parameters,
            .first_runs = static_cast<std::int64_t>(a.accuracies.size()),
            .second_runs = static_cast<std::int64_t>(b.accuracies.size()),
            .first = moments_of(a.accuracies).mean(),
            .second = moments_of(b.accuracies).mean()};
  }

  [[nodiscard]] OutcomePair outcomes_of(const std::string& architecture) const {
    return {&outcomes_->second.at({dataset_.second.name, architecture}),
            &outcomes_->first.at({dataset_.first.name, architecture})};
  }

  [[nodiscard]] AccuracyDifference difference(const std::string& architecture,
                                              double confidence) const {
    if (outcomes_) {
      const OutcomePair pair = outcomes_of(architecture);
      return accuracy_difference(*pair.first, *pair.second, confidence);
    }
    return accuracy_difference(second_.at(architecture).accuracies,
                               first_.at(architecture).accuracies, images(), confidence);
  }

  [[nodiscard]] AccuracyDifference mean(const Shared& shared) const {
    const ReplicateMeans replicates{replicate_means(second_, shared.architectures),
                                    replicate_means(first_, shared.architectures)};
    if (outcomes_) {
      std::vector<OutcomePair> pairs;
      for (const auto& architecture : shared.architectures) {
        pairs.push_back(outcomes_of(architecture));
      }
      return mean_difference(pairs, replicates, confidence_);
    }
    std::vector<AccuracyPair> pairs;
    for (const auto& architecture : shared.architectures) {
      pairs.push_back({second_.at(architecture).accuracies, first_.at(architecture).accuracies});
    }
    return mean_difference(pairs, replicates, images(), confidence_);
  }

  [[nodiscard]] std::int64_t images() const {
    return std::max<std::int64_t>(dataset_.first.test_count, 1);
  }

  const SharedDataset& dataset_;
  const RunsOf& first_;
  const RunsOf& second_;
  std::optional<PairedOutcomes> outcomes_;
  double confidence_;
};

// ---- answers ---------------------------------------------------------------------------------

/// Selects both with the lower target, so that both can have an answer.
std::optional<AnswersAtTarget> common_answers(const ComparedStudy& first,
                                              const ComparedStudy& second,
                                              const SharedDataset& dataset,
                                              const DatasetComparison& comparison) {
  const DatasetHeadline& a = *comparison.first;
  const DatasetHeadline& b = *comparison.second;
  if (!a.no_target.empty() || !b.no_target.empty() || a.target == b.target) return std::nullopt;
  if (a.runs == 0 || b.runs == 0) return std::nullopt;
  const DatasetHeadline& lower = a.target < b.target ? a : b;
  const double choosing = lower.validation_target.value_or(lower.target);
  return AnswersAtTarget{.target = lower.target,
                         .first = networks_at(first.input, dataset.first, choosing),
                         .second = networks_at(second.input, dataset.second, choosing)};
}

// ---- datasets --------------------------------------------------------------------------------

DatasetComparison compare_shared(const ComparedStudy& first, const ComparedStudy& second,
                                 const SharedDataset& dataset, double confidence) {
  DatasetComparison comparison{.dataset = dataset.first.name,
                               .test_images = dataset.first.test_count,
                               .first = headline_in(first, dataset.first.name),
                               .second = headline_in(second, dataset.second.name)};
  const RunsOf a = runs_on(first.input.population, dataset.first);
  const RunsOf b = runs_on(second.input.population, dataset.second);
  const Shared shared = shared_architectures(a, b);
  PairMaker(dataset, a, b, paired_outcomes(first, second, dataset, shared), confidence)
      .add(shared, comparison);
  if (comparison.first && comparison.second) {
    comparison.common = common_answers(first, second, dataset, comparison);
  }
  return comparison;
}

}  // namespace

Comparison comparison_of(const ComparedStudy& first, const ComparedStudy& second) {
  const Population& a = first.input.population;
  const Population& b = second.input.population;
  Comparison comparison{.confidence = first.input.convergence.settings.confidence,
                        .settings = settings_that_differ({a, first.input.convergence.settings},
                                                         {b, second.input.convergence.settings})};
  std::set<std::string> compared;  // datasets of the second study
  for (const record::DatasetRecord& dataset : a.datasets) {
    if (const auto* same = with_same_data(dataset, b);
        same != nullptr && compared.insert(same->name).second) {
      comparison.datasets.push_back(
          compare_shared(first, second, {dataset, *same}, comparison.confidence));
      continue;
    }
    const auto* named = with_same_name(dataset, b);
    const bool is_named = named != nullptr && compared.insert(named->name).second;
    comparison.datasets.push_back(
        {.dataset = dataset.name,
         .match = is_named ? DataMatch::other_data : DataMatch::one_study,
         .test_images = dataset.test_count,
         .first = headline_in(first, dataset.name),
         .second = is_named ? headline_in(second, named->name) : std::nullopt});
  }
  for (const record::DatasetRecord& dataset : b.datasets) {
    if (compared.contains(dataset.name)) continue;
    comparison.datasets.push_back({.dataset = dataset.name,
                                   .match = DataMatch::one_study,
                                   .test_images = dataset.test_count,
                                   .second = headline_in(second, dataset.name)});
  }
  return comparison;
}

}  // namespace minima::analysis
