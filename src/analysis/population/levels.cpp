#include "analysis/population/levels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "analysis/population/chance.h"
#include "core/numbers/random.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/fits/isotonic.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

LevelRun level_run(const record::RunResult& result, const record::DatasetRecord& dataset,
                   const Chance& chance) {
  LevelRun run;
  run.finished =
      result.status == record::RunStatus::finished && std::isfinite(result.test_accuracy);
  run.test_accuracy = run.finished ? result.test_accuracy : dataset.majority_share;
  if (run.finished) {
    run.gap = result.train_accuracy - result.test_accuracy;
    run.learned = chance.is_beaten_by(result.test_accuracy);
  }
  return run;
}

}  // namespace

std::vector<Level> levels_of(const Population& population, const Selection& selection,
                             double significance) {
  const record::DatasetRecord& dataset = population.datasets.at(selection.dataset);
  const Chance chance(dataset, significance);
  std::map<std::int64_t, Level> by_size;
  std::map<std::int64_t, std::set<std::string>> architectures;
  for (const std::size_t index : selection.runs) {
    const record::RunRow& row = population.runs[index];
    LevelRun run = level_run(row.result, dataset, chance);
    run.run = index;
    by_size[row.parameters].runs.push_back(run);
    architectures[row.parameters].insert(row.architecture);
  }
  std::vector<Level> levels;
  for (auto& [parameters, level] : by_size) {
    level.parameters = parameters;
    level.test_images = dataset.test_count;
    const std::set<std::string>& names = architectures[parameters];
    level.architectures.assign(names.begin(), names.end());
    levels.push_back(std::move(level));
  }
  return levels;
}

Sample sample_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) {
    if (!std::isnan(value)) moments.add(value);
  }
  Sample sample{.count = moments.count(), .mean = moments.mean()};
  sample.variance = moments.sample_sd() * moments.sample_sd();
  for (const double value : values) {
    if (!std::isnan(value)) sample.fourth += std::pow(value - sample.mean, 4);
  }
  return sample;
}

double image_variance(double accuracy, std::int64_t images) {
  if (images <= 0) return 0.0;
  return std::max(accuracy * (1.0 - accuracy), 0.0) / static_cast<double>(images);
}

std::vector<Sample> accuracy_samples(const std::vector<Level>& levels) {
  std::vector<Sample> samples =
      samples_of(levels, [](const LevelRun& run) { return run.test_accuracy; });
  for (std::size_t i = 0; i < levels.size(); ++i) {
    samples[i].image_variance = image_variance(samples[i].mean, levels[i].test_images);
  }
  return samples;
}

std::vector<double> fitted_means(const std::vector<Sample>& samples) {
  std::vector<double> means;
  std::vector<double> weights;
  for (const Sample& sample : samples) {
    means.push_back(sample.mean);
    weights.push_back(static_cast<double>(sample.count));
  }
  return isotonic_fit(means, weights);
}

std::uint64_t subject_of_selection(const Population& population, const Selection& selection) {
  const std::string& dataset = population.datasets.at(selection.dataset).name;
  const std::string name =
      selection.series.empty() ? word_text(selection.family) : selection.series;
  return subject_of(subject_of(dataset), subject_of(name));
}

}  // namespace minima::analysis
