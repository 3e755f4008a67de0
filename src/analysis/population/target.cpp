#include "analysis/population/target.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <tuple>

#include "analysis/population/chance.h"
#include "analysis/population/levels.h"
#include "core/numbers/tolerance.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

constexpr double kSteps = 1000.0;  // targets are multiples of 0.1 percentage points
constexpr double kErrors = 2.0;    // standard errors below the best mean

struct Candidate {
  std::int64_t parameters = 0;
  Moments test;
  Moments choosing;  // validation accuracy if available
};

std::map<std::string, Candidate> candidates_of(const Population& population, std::size_t dataset) {
  const record::DatasetRecord& record = population.datasets.at(dataset);
  std::map<std::string, Candidate> candidates;
  for (const record::RunRow& run : population.runs) {
    const record::RunResult& result = run.result;
    if (run.dataset != record.name || result.status == record::RunStatus::planned) continue;
    Candidate& candidate = candidates[run.architecture];
    candidate.parameters = run.parameters;
    const bool finished =
        result.status == record::RunStatus::finished && std::isfinite(result.test_accuracy);
    candidate.test.add(finished ? result.test_accuracy : record.majority_share);
    candidate.choosing.add(
        finished ? record::choosing_accuracy(result.validation_accuracy, result.test_accuracy)
                 : record.majority_share);
  }
  return candidates;
}

double rounded_down(double accuracy) {
  return std::floor((accuracy + kRounding) * kSteps) / kSteps;
}

double error_of(const Moments& accuracies, std::int64_t images) {
  const double sd = accuracies.sample_sd();
  return std::sqrt(sd * sd / static_cast<double>(accuracies.count()) +
                   image_variance(accuracies.mean(), images));
}

void set_best(const Population& population, Target& target) {
  const record::DatasetRecord& record = population.datasets.at(target.dataset);
  const Candidate* best = nullptr;
  const auto candidates = candidates_of(population, target.dataset);
  for (const auto& [name, candidate] : candidates) {
    const auto rank = [](const Candidate& of) {
      return std::tuple(of.choosing.mean(), -of.parameters);
    };
    if (best != nullptr && rank(candidate) <= rank(*best)) continue;
    best = &candidate;
    target.best_architecture = name;
  }
  if (best == nullptr) return;
  target.by_validation = record.validation_count > 0;
  target.best_accuracy = best->test.mean();
  target.best_choosing = best->choosing.mean();
  target.best_error = error_of(best->test, record.test_count);
  target.choosing_error =
      error_of(best->choosing, target.by_validation ? record.validation_count : record.test_count);
}

}  // namespace

Target target_of(const Population& population, std::size_t dataset,
                 const study::AnalysisSettings& settings) {
  const record::DatasetRecord& record = population.datasets.at(dataset);
  Target target{.dataset = dataset};
  set_best(population, target);
  if (target.best_architecture.empty()) {
    target.missing = "no run has been recorded";
    return target;
  }
  target.skilled_accuracy =
      record.majority_share +
      settings.least_skill * std::max(target.best_accuracy - record.majority_share, 0.0);
  target.given = settings.success_accuracy.has_value();
  if (target.given) {
    target.accuracy = *settings.success_accuracy;
    target.choosing_accuracy = target.accuracy;
  } else {
    target.tolerance = std::max(settings.accuracy_tolerance, kErrors * target.best_error);
    target.accuracy = rounded_down(target.best_accuracy - target.tolerance);
    const double choosing_tolerance =
        std::max(settings.accuracy_tolerance, kErrors * target.choosing_error);
    target.choosing_accuracy = rounded_down(target.best_choosing - choosing_tolerance);
  }
  const double images = static_cast<double>(record.test_count);
  const auto least = static_cast<double>(Chance(record, settings.significance).threshold());
  // A network reaches the target with a whole number of correct images.
  if (images <= 0 || std::ceil(target.accuracy * images - kRounding) >= least) return target;
  if (target.given) {
    target.missing = fmt::format("always predicting the largest class can reach {:.1f} %",
                                 100.0 * target.accuracy);
  } else if (target.best_accuracy * images >= least - kRounding) {
    target.missing = fmt::format(
        "with {} test images the target would be {:.1f} %, which always predicting the largest "
        "class can reach",
        record.test_count, 100.0 * target.accuracy);
  } else {
    target.missing = "no architecture is clearly better than always predicting the largest class";
  }
  return target;
}

}  // namespace minima::analysis
