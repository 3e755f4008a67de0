#include "analysis/minimal_parameters.h"

#include <cmath>

#include "analysis/conditions.h"
#include "core/isotonic.h"
#include "core/statistics.h"

namespace minima::analysis {
namespace {

// Steps of the random numbers: one per crossing.
constexpr std::uint32_t kAccuracyStep = 1;
constexpr std::uint32_t kSpreadStep = 2;

std::vector<LevelAccuracy> rows_of(const std::vector<Level>& levels,
                                   const std::vector<Sample>& samples) {
  std::vector<double> means;
  std::vector<double> weights;
  bool any_spread = false;
  for (const Sample& sample : samples) {
    means.push_back(sample.mean);
    weights.push_back(static_cast<double>(sample.count));
    any_spread = any_spread || sample.count > 1;
  }
  const std::vector<double> fit = isotonic_fit(means, weights);
  const std::vector<double> variances = falling_variances(samples);
  std::vector<LevelAccuracy> rows;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    LevelAccuracy row{.parameters = levels[i].parameters,
                      .architectures = levels[i].architectures,
                      .runs = samples[i].count,
                      .mean = samples[i].mean,
                      .fitted_mean = fit[i]};
    if (samples[i].count > 1) row.sd = std::sqrt(samples[i].variance);
    if (any_spread) row.fitted_sd = std::sqrt(variances[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

double failure_limit_from(const std::vector<Level>& levels, std::size_t first, double confidence) {
  Count failed;
  for (std::size_t i = first; i < levels.size(); ++i) {
    for (const LevelRun& run : levels[i].runs) {
      ++failed.trials;
      if (!run.learned) ++failed.successes;
    }
  }
  return binomial_upper_limit(failed.successes, failed.trials, confidence);
}

}  // namespace

std::string to_string(MinimalStatus status) {
  switch (status) {
    case MinimalStatus::found:
      return "found";
    case MinimalStatus::spread_unknown:
      return "the spread is not known, every size has one run";
    case MinimalStatus::spread_never_small:
      return "the spread between replicates is too large up to the largest networks";
  }
  return "";
}

MinimalParameters minimal_parameters_of(const Population& population, const Selection& selection,
                                        const study::AnalysisSettings& settings) {
  const std::vector<Level> levels = levels_of(population, selection, settings.significance);
  const std::vector<Sample> samples = accuracy_samples(levels);
  MinimalParameters result{.dataset = selection.dataset,
                           .family = selection.family,
                           .confidence = settings.confidence,
                           .levels = rows_of(levels, samples)};
  if (levels.empty()) return result;
  result.accuracy_at_largest = samples.back().mean;

  const double miss = (1.0 - settings.confidence) / 2.0;
  const auto stream = [&, subject = subject_of_selection(population, selection)](std::uint32_t s) {
    return RandomStream(settings.seed, subject, Purpose::bootstrap, s);
  };
  const Condition accurate =
      mean_condition(samples, {-settings.accuracy_tolerance, levels.size() - 1});
  const Condition stable = spread_condition(samples, settings.spread_tolerance);
  // Both halves may put the joint interval too high, so each has half of the error there.
  const CrossingTest test{miss / 2, miss, settings.bootstrap_samples};
  const Crossing by_accuracy = crossing_of(accurate, test, stream(kAccuracyStep));
  const Crossing by_spread = crossing_of(stable, test, stream(kSpreadStep));
  const Crossing both = together({by_accuracy, by_spread});
  result.size_for_accuracy = size_estimate(levels, by_accuracy);
  result.size_for_spread = size_estimate(levels, by_spread);
  result.size = size_estimate(levels, both);
  if (!by_spread.tested) {
    result.status = MinimalStatus::spread_unknown;
    result.size = result.size_for_accuracy;
    result.size_for_spread = {};
  } else if (both.estimate == levels.size()) {
    result.status = MinimalStatus::spread_never_small;
  }
  const Crossing& deciding = by_spread.tested ? both : by_accuracy;
  if (result.size.parameters) {
    result.architectures = levels[deciding.estimate].architectures;
    result.failure_limit = failure_limit_from(levels, deciding.estimate, settings.confidence);
  }
  return result;
}

}  // namespace minima::analysis
