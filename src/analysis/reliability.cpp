#include "analysis/reliability.h"

#include <algorithm>
#include <cmath>

#include "analysis/conditions.h"
#include "core/isotonic.h"
#include "core/normal_score.h"

namespace minima::analysis {
namespace {

constexpr std::uint32_t kFirstStep = 16;  // of the random numbers; one per reliability
constexpr double kRounding = 1e-9;
// Part of the permitted error that is spent on a threshold which is itself estimated.
constexpr double kThresholdPart = 0.2;

std::vector<Count> successes_at(const std::vector<Level>& levels, double threshold) {
  std::vector<Count> counts;
  for (const Level& level : levels) {
    Count count;
    for (const LevelRun& run : level.runs) {
      ++count.trials;
      if (run.finished && run.test_accuracy >= threshold - kRounding) ++count.successes;
    }
    counts.push_back(count);
  }
  return counts;
}

std::vector<LevelSuccess> rows_of(const std::vector<Level>& levels,
                                  const std::vector<Count>& counts) {
  std::vector<double> shares;
  std::vector<double> weights;
  for (const Count& count : counts) {
    weights.push_back(static_cast<double>(count.trials));
    shares.push_back(static_cast<double>(count.successes) / weights.back());
  }
  const std::vector<double> fit = isotonic_fit(shares, weights);
  std::vector<LevelSuccess> rows;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    rows.push_back({levels[i].parameters, counts[i].trials, counts[i].successes, fit[i]});
  }
  return rows;
}

// Sets threshold, and how far it may be off with probability `miss`.
void set_threshold(const std::vector<Level>& levels, const study::AnalysisSettings& settings,
                   double miss, Reliability& result) {
  result.threshold_given = settings.success_accuracy.has_value();
  if (result.threshold_given) {
    result.threshold = *settings.success_accuracy;
    return;
  }
  const Sample largest = accuracy_samples(levels).back();
  result.threshold = largest.mean - settings.accuracy_tolerance;
  if (largest.count < 2) return;
  const double runs = static_cast<double>(largest.count);
  result.threshold_error =
      student_t_of_score(normal_score(miss / 2), runs - 1) * std::sqrt(largest.variance / runs);
}

Crossing crossing_at(const std::vector<Level>& levels, double threshold, double share,
                     const CrossingTest& test, const RandomStream& stream) {
  return crossing_of(share_condition(successes_at(levels, threshold), share), test, stream);
}

}  // namespace

Reliability reliability_of(const Population& population, const Selection& selection,
                           const study::AnalysisSettings& settings) {
  const std::vector<Level> levels = levels_of(population, selection, settings.significance);
  Reliability result{
      .dataset = selection.dataset, .family = selection.family, .confidence = settings.confidence};
  if (levels.empty()) return result;
  const double miss = 1.0 - settings.confidence;
  set_threshold(levels, settings, kThresholdPart * miss, result);
  const double error = result.threshold_error.value_or(0.0);
  const double rest = (error > 0.0 ? 1.0 - kThresholdPart : 1.0) * miss;
  const CrossingTest test{rest / 2, rest / 2, settings.bootstrap_samples};
  result.levels = rows_of(levels, successes_at(levels, result.threshold));

  std::vector<double> shares = {0.5, 0.95, settings.reliability};
  std::sort(shares.begin(), shares.end());
  shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
  const std::uint64_t subject = subject_of_selection(population, selection);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const RandomStream stream(settings.seed, subject, Purpose::bootstrap,
                              kFirstStep + static_cast<std::uint32_t>(i));
    Crossing crossing = crossing_at(levels, result.threshold, shares[i], test, stream);
    if (error > 0.0) {
      crossing.low = std::min(
          crossing.low, crossing_at(levels, result.threshold - error, shares[i], test, stream).low);
      crossing.high =
          std::max(crossing.high,
                   crossing_at(levels, result.threshold + error, shares[i], test, stream).high);
    }
    // What is unknown about the threshold is unknown about the size.
    if (!result.threshold_given && !result.threshold_error) crossing.tested = false;
    result.sizes.push_back({shares[i], size_estimate(levels, crossing)});
  }
  return result;
}

}  // namespace minima::analysis
