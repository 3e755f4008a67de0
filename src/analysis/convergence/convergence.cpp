#include "analysis/convergence/convergence.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

std::vector<std::size_t> in_selection(const std::vector<std::size_t>& runs,
                                      const Selection& selection) {
  std::vector<std::size_t> both;
  std::ranges::set_intersection(runs, selection.runs, std::back_inserter(both));
  return both;
}

FamilyConvergence family_of(const Population& population, Selection selection,
                            const std::vector<std::size_t>& failed,
                            const study::AnalysisSettings& settings) {
  FamilyConvergence family;
  family.dataset = population.datasets[selection.dataset].name;
  family.groups = groups_of(population, selection, settings);
  family.literal = literal_sizes_of(population, selection, settings);
  family.shape = shape_invariance_of(population, selection, settings);
  family.phases = phases_of(population, selection, settings);
  family.diagnoses = diagnoses_of(population, settings, in_selection(failed, selection));
  family.selection = std::move(selection);
  return family;
}

/// The accuracies of an architecture; unfinished runs have the fraction of the majority class.
struct OfArchitecture {
  FrontArchitecture names;
  std::vector<double> test;
  Moments choosing;
};

void see_series(const Population& population, const Series& series,
                std::map<std::string, OfArchitecture>& architectures) {
  const record::DatasetRecord& dataset = population.datasets[series.dataset];
  for (const std::size_t index : series.runs) {
    const record::RunRow& row = population.runs[index];
    OfArchitecture& of = architectures[row.architecture];
    of.names = {row.architecture, row.family, series.name, row.parameters};
    const record::RunResult& result = row.result;
    const bool finished =
        result.status == record::RunStatus::finished && std::isfinite(result.test_accuracy);
    of.test.push_back(finished ? result.test_accuracy : dataset.majority_share);
    of.choosing.add(
        finished ? record::choosing_accuracy(result.validation_accuracy, result.test_accuracy)
                 : dataset.majority_share);
  }
}

DatasetConvergence dataset_of(const Population& population, std::size_t dataset,
                              const std::vector<Series>& all,
                              const study::AnalysisSettings& settings) {
  const record::DatasetRecord& record = population.datasets[dataset];
  DatasetConvergence result{.dataset = record.name};
  result.target = target_of(population, dataset, settings);
  std::map<std::string, OfArchitecture> architectures;
  for (const Series& series : all) {
    if (series.dataset == dataset) see_series(population, series, architectures);
  }
  std::vector<Point> points;
  for (auto& [name, of] : architectures) {
    result.architectures.push_back(of.names);
    points.push_back({.size = static_cast<double>(of.names.parameters),
                      .accuracies = std::move(of.test),
                      .images = record.test_count,
                      .choosing = of.choosing.mean()});
  }
  result.front = front_of(points, settings.confidence);
  return result;
}

}  // namespace

Convergence convergence_of(const Population& population, const study::AnalysisSettings& settings) {
  Convergence convergence{.study = population.study.name, .settings = settings};
  const std::vector<std::size_t> failed = not_converged(population, settings);
  for (Selection& selection : selections_of(population)) {
    convergence.runs += static_cast<std::int64_t>(selection.runs.size());
    convergence.families.push_back(family_of(population, std::move(selection), failed, settings));
  }
  convergence.published =
      published_groups_of(population, selections_of(population), settings.confidence);
  const std::vector<Series> all = series_of(population);
  for (const Series& series : all) {
    const std::string& name = population.datasets[series.dataset].name;
    if (convergence.datasets.empty() || convergence.datasets.back().dataset != name) {
      convergence.datasets.push_back(dataset_of(population, series.dataset, all, settings));
    }
    const Target& target = convergence.datasets.back().target;
    convergence.series.push_back(series_convergence_of(population, series, target, settings));
  }
  return convergence;
}

}  // namespace minima::analysis
