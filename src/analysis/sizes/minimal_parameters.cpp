#include "analysis/sizes/minimal_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/sizes/conditions.h"
#include "core/text.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

// RandomStream steps.
constexpr std::uint32_t kAccuracyStep = 1;
constexpr std::uint32_t kOrderStep = 3;

/// Student's t with Satterthwaite's degrees of freedom; the variance due to test images is known.
void set_interval(const Sample& sample, double confidence, LevelAccuracy& row) {
  if (sample.count < 2) return;
  const double by_runs = sample.variance / static_cast<double>(sample.count);
  const double variance = by_runs + sample.image_variance;
  const double degrees = by_runs > 0.0 ? static_cast<double>(sample.count - 1) * variance *
                                             variance / (by_runs * by_runs)
                                       : 1e6;
  const double half = student_t_quantile(confidence, std::min(degrees, 1e6)) * std::sqrt(variance);
  row.low = std::max(sample.mean - half, 0.0);
  row.high = std::min(sample.mean + half, 1.0);
}

std::vector<LevelAccuracy> rows_of(const std::vector<Level>& levels,
                                   const std::vector<Sample>& samples, double confidence) {
  const std::vector<double> fit = fitted_means(samples);
  std::vector<LevelAccuracy> rows;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    LevelAccuracy row{.parameters = levels[i].parameters,
                      .architectures = levels[i].architectures,
                      .runs = samples[i].count,
                      .mean = samples[i].mean,
                      .fitted_mean = fit[i]};
    if (samples[i].count > 1) row.sd = std::sqrt(samples[i].variance);
    set_interval(samples[i], confidence, row);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// If P_min is at the largest size or next to it, larger sizes might still be better.
MinimalStatus status_of(const MinimalParameters& result, const Crossing& crossing,
                        double tolerance) {
  if (result.levels.size() < 2) return MinimalStatus::one_size;
  if (!result.end.tested) return MinimalStatus::one_run_each;
  if (result.order.rejected) return MinimalStatus::not_monotone;
  const bool at_the_end = crossing.estimate + 2 >= result.levels.size();
  if (at_the_end || !result.end.is_flat(tolerance)) return MinimalStatus::still_rising;
  return MinimalStatus::found;
}

void set_size(const std::vector<Level>& levels, const Crossing& crossing,
              MinimalParameters& result) {
  result.size = size_estimate(levels, crossing);
  if (result.status == MinimalStatus::found) {
    result.architectures = levels[crossing.estimate].architectures;
    return;
  }
  result.size.parameters.reset();
  result.size.high.reset();
  if (result.status == MinimalStatus::still_rising) {
    if (crossing.low > 0) result.above = levels[crossing.low - 1].parameters;
    return;
  }
  result.size.low.reset();
  result.size.has_interval = false;
}

}  // namespace

std::string to_string(MinimalStatus status) {
  switch (status) {
    case MinimalStatus::found:
      return "found";
    case MinimalStatus::one_size:
      return "one size";
    case MinimalStatus::still_rising:
      return "still rising";
    case MinimalStatus::one_run_each:
      return "one run per size";
    case MinimalStatus::not_monotone:
      return "not monotone";
  }
  return "";
}

std::string MinimalParameters::reason() const {
  switch (status) {
    case MinimalStatus::found:
      return "";
    case MinimalStatus::one_size:
      return "one size: no answer";
    case MinimalStatus::one_run_each:
      return "one run per size: no answer";
    case MinimalStatus::not_monotone:
      return order.text() + ", so there is no P_min";
    case MinimalStatus::still_rising:
      break;
  }
  const std::string start = above ? fmt::format("above {}; not reached, because ", grouped(*above))
                                  : "not reached, because ";
  const bool is_flat = end.is_flat(tolerance);
  return start + (is_flat ? end_text(*this)
                  : end.rises()
                      ? fmt::format("accuracy still rises at {} parameters", grouped(largest))
                      : "accuracy " + end_text(*this));
}

std::string end_text(const MinimalParameters& minimal) {
  const std::string largest = grouped(minimal.largest) + " parameters";
  if (minimal.end.is_flat(minimal.tolerance)) {
    return fmt::format("no size well below the largest, {}, is as accurate", largest);
  }
  return (minimal.end.rises() ? "still rising at " : "may still rise beyond ") + largest;
}

MinimalParameters minimal_parameters_of(const Population& population, const Selection& selection,
                                        const study::AnalysisSettings& settings) {
  const std::vector<Level> levels = levels_of(population, selection, settings.significance);
  const std::vector<Sample> samples = accuracy_samples(levels);
  MinimalParameters result{.dataset = selection.dataset,
                           .family = selection.family,
                           .series = selection.series,
                           .confidence = settings.confidence,
                           .tolerance = settings.accuracy_tolerance,
                           .levels = rows_of(levels, samples, settings.confidence)};
  if (levels.empty()) return result;
  result.largest = levels.back().parameters;
  result.accuracy_at_largest = samples.back().mean;
  const std::uint64_t subject = subject_of_selection(population, selection);
  const double tolerance = settings.accuracy_tolerance;
  result.end = end_of_curve(levels, samples, settings.confidence);
  result.order =
      monotone_order_of(levels, samples, tolerance, settings.confidence, settings.bootstrap_samples,
                        RandomStream(settings.seed, subject, Purpose::bootstrap, kOrderStep));
  const double miss = (1.0 - settings.confidence) / 2.0;
  const Crossing crossing =
      crossing_of(mean_condition(samples, {-tolerance, levels.size() - 1}),
                  {miss, miss, settings.bootstrap_samples},
                  RandomStream(settings.seed, subject, Purpose::bootstrap, kAccuracyStep));
  result.status = status_of(result, crossing, tolerance);
  set_size(levels, crossing, result);
  return result;
}

}  // namespace minima::analysis
