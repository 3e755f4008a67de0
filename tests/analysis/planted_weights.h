// Runs with weights built by hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/weights/projection.h"
#include "analysis/weights/weights.h"
#include "core/numbers/random.h"
#include "measure/tensor_summary.h"
#include "planted_runs.h"
#include "record/run_row.h"
#include "record/study.h"
#include "record/weight_summary.h"

namespace minima::analysis {

/// Recorded weight summaries of each run, by run id.
using WeightSummaries = std::map<std::string, std::vector<record::WeightSummary>>;

struct WeightedPopulation {
  Population population = one_dataset();
  WeightSummaries summaries;
};

inline WeightFamilies families_of(const WeightedPopulation& all,
                                  const study::AnalysisSettings& settings) {
  const auto source = [&](const auto& on_summary) {
    for (const record::RunRow& run : all.population.runs) {
      const auto found = all.summaries.find(run.id);
      if (found == all.summaries.end()) continue;
      for (record::WeightSummary summary : found->second) on_summary(run.id, std::move(summary));
    }
  };
  return weight_families_of(all.population, source, settings);
}

inline Weights weights_in(const WeightedPopulation& all, const study::AnalysisSettings& settings) {
  return weights_of(all.population, families_of(all, settings), settings);
}

inline Projection projection_in(const WeightedPopulation& all,
                                const study::AnalysisSettings& settings,
                                const KeptWeights& kept = nullptr) {
  return projection_of(all.population, families_of(all, settings), settings, kept);
}

/// Normal weights with this standard deviation, keyed by the run.
inline record::WeightSummary normal_summary(const std::string& run, int tensor,
                                            const std::string& name,
                                            const std::vector<std::int64_t>& shape, double sd) {
  const network::Tensor matrix{.spec = {.name = name, .shape = shape}};
  std::vector<float> values(static_cast<std::size_t>(matrix.spec.count()));
  RandomStream random(7, subject_of(run), Purpose::weight_statistics,
                      static_cast<std::uint32_t>(tensor));
  for (float& value : values) value = static_cast<float>(sd * random.normal());
  record::WeightSummary summary = measure::summary_of(matrix, values);
  summary.tensor = tensor;
  return summary;
}

/// Adds a finished run of `dnn 8-8` whose three layers have weights with these standard deviations.
inline void add_weighted_run(WeightedPopulation& all, double accuracy, std::vector<double> sds,
                             const std::string& architecture = "dnn 8-8") {
  record::RunRow& run = add_run(all.population, architecture, accuracy);
  run.family = *parse_word<network::Family>(architecture.substr(0, architecture.find(' ')));
  run.result.train_accuracy = accuracy;
  run.result.history.push_back({.epoch = 1, .predicted_classes = 10});
  run.result.epochs = 1;
  std::vector<record::WeightSummary> summaries;
  for (const auto stage : {record::WeightStage::start, record::WeightStage::end}) {
    for (int i = 0; i < static_cast<int>(sds.size()); ++i) {
      const double sd =
          stage == record::WeightStage::start ? 0.3 : sds[static_cast<std::size_t>(i)];
      summaries.push_back(
          normal_summary(run.id, i, "fc" + std::to_string(i + 1) + ".weight", {8, 40}, sd));
      summaries.back().stage = stage;
    }
  }
  all.summaries[run.id] = std::move(summaries);
}

/// All runs start with weights of the same sd, for any width. Eight architectures have good runs at
/// 0.95 and bad ones at 0.3. Training leaves good runs with small and similar weights, many near
/// zero, and bad runs with large and varied ones, especially in the output layer. In good runs the
/// strengths of consecutive layers rise together.
inline WeightedPopulation weighted_population(int each = 24) {
  WeightedPopulation all;
  for (int i = 0; i < each; ++i) {
    const double step = static_cast<double>((i * 7) % each) / each;  // 0..1 in some order
    const std::string architecture = "dnn 8-" + std::to_string(8 + i % 8);
    add_weighted_run(all, 0.95, {0.10 + 0.02 * step, 0.10 + 0.02 * step, 0.10 + 0.001 * step},
                     architecture);
    for (record::WeightSummary& summary : all.summaries[all.population.runs.back().id]) {
      if (summary.stage == record::WeightStage::end) summary.statistics.near_zero += 0.04;
    }
    add_weighted_run(all, 0.3, {0.09 + 0.04 * step, 0.08 + 0.06 * step, 0.5 + 0.6 * step},
                     architecture);
  }
  return all;
}

/// Copies the runs to a second dataset.
inline WeightedPopulation on_two_datasets(WeightedPopulation all) {
  record::DatasetRecord second = all.population.datasets.at(0);
  second.name = "letters";
  all.population.datasets.push_back(second);
  const std::size_t count = all.population.runs.size();
  for (std::size_t i = 0; i < count; ++i) {
    record::RunRow run = all.population.runs[i];
    const auto summaries = all.summaries.at(run.id);
    run.id += " letters";
    run.dataset = second.name;
    all.summaries[run.id] = summaries;
    all.population.runs.push_back(std::move(run));
  }
  return all;
}

}  // namespace minima::analysis
