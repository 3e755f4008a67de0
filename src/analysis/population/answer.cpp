#include "analysis/population/answer.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "analysis/population/chance.h"
#include "core/numbers/tolerance.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

struct ArchitectureRuns {
  network::Family family = network::Family::dnn;
  std::int64_t parameters = 0;
  std::int64_t diverged = 0;
  std::int64_t learned = 0;
  Moments accuracy;
  Moments choosing;
  Moments seconds;
};

using ByArchitecture = std::map<std::string, ArchitectureRuns>;

void collect(const record::RunRow& run, const DatasetAnswer& dataset, const Chance& chance,
             ByArchitecture& architectures) {
  ArchitectureRuns& collected = architectures[run.architecture];
  collected.family = run.family;
  collected.parameters = run.parameters;
  collected.seconds.add(run.result.seconds);
  if (run.result.status == record::RunStatus::diverged) {
    ++collected.diverged;
    collected.accuracy.add(dataset.majority_share);
    collected.choosing.add(dataset.majority_share);
    return;
  }
  collected.accuracy.add(run.result.test_accuracy);
  collected.choosing.add(
      record::choosing_accuracy(run.result.validation_accuracy, run.result.test_accuracy));
  if (chance.is_beaten_by(run.result.test_accuracy)) ++collected.learned;
}

ArchitectureAnswer row_of(const std::string& architecture, const ArchitectureRuns& collected) {
  const std::int64_t replicates = collected.accuracy.count();
  return {.architecture = architecture,
          .family = collected.family,
          .parameters = collected.parameters,
          .replicates = replicates,
          .diverged = collected.diverged,
          .learned = collected.learned,
          .learned_share = static_cast<double>(collected.learned) / static_cast<double>(replicates),
          .accuracy_mean = collected.accuracy.mean(),
          .accuracy_sd = collected.accuracy.sample_sd(),
          .accuracy_min = collected.accuracy.min(),
          .accuracy_max = collected.accuracy.max(),
          .choosing_mean = collected.choosing.mean(),
          .seconds = collected.seconds.mean()};
}

void choose(DatasetAnswer& dataset) {
  const auto& rows = dataset.architectures;
  const auto learns = [](const ArchitectureAnswer& row) {
    return 2 * row.learned >= row.replicates;
  };
  const bool any_learns = std::ranges::any_of(rows, learns);
  const auto counts = [&](std::size_t i) { return !any_learns || learns(rows[i]); };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_better =
        !dataset.best || rows[i].choosing_mean > rows[*dataset.best].choosing_mean;
    if (counts(i) && is_better) dataset.best = i;
  }
  for (std::size_t i = 0; i < rows.size() && !dataset.smallest; ++i) {
    const double distance = rows[*dataset.best].choosing_mean - rows[i].choosing_mean;
    if (counts(i) && distance <= dataset.tolerance + kRounding) dataset.smallest = i;
  }
}

}  // namespace

Answer answer_of(const store::Reader& store, const study::AnalysisSettings& settings) {
  Answer answer{.study = store.study().name, .datasets = {}};
  std::map<std::string, std::size_t> index;
  std::vector<Chance> chances;
  for (const record::DatasetRecord& record : store.datasets()) {
    index.emplace(record.name, answer.datasets.size());
    chances.emplace_back(record, settings.significance);
    DatasetAnswer dataset;
    dataset.dataset = record.name;
    dataset.test_count = record.test_count;
    dataset.tolerance = settings.accuracy_tolerance;
    dataset.validation_count = record.validation_count;
    dataset.majority_share = record.majority_share;
    answer.datasets.push_back(std::move(dataset));
  }
  std::vector<ByArchitecture> collected(answer.datasets.size());
  for (const record::RunRow& run : store.runs()) {
    const std::size_t at = index.at(run.dataset);
    ++answer.datasets[at].runs_planned;
    if (run.result.status == record::RunStatus::planned) continue;
    ++answer.datasets[at].runs_recorded;
    collect(run, answer.datasets[at], chances[at], collected[at]);
  }
  for (std::size_t at = 0; at < collected.size(); ++at) {
    DatasetAnswer& dataset = answer.datasets[at];
    for (const auto& [architecture, values] : collected[at]) {
      dataset.architectures.push_back(row_of(architecture, values));
    }
    std::stable_sort(dataset.architectures.begin(), dataset.architectures.end(),
                     [](const auto& a, const auto& b) { return a.parameters < b.parameters; });
    choose(dataset);
  }
  return answer;
}

}  // namespace minima::analysis
