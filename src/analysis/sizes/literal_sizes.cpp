#include "analysis/sizes/literal_sizes.h"

#include "analysis/population/levels.h"
#include "analysis/sizes/conditions.h"
#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

// RandomStream steps, one per crossing.
constexpr std::uint32_t kLiteralAccuracyStep = 1;
constexpr std::uint32_t kLiteralSpreadStep = 2;

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

LiteralSizes literal_sizes_of(const Population& population, const Selection& selection,
                              const study::AnalysisSettings& settings) {
  const std::vector<Level> levels = levels_of(population, selection, settings.significance);
  const std::vector<Sample> samples = accuracy_samples(levels);
  LiteralSizes result{.dataset = selection.dataset, .family = selection.family};
  if (levels.empty()) return result;
  const double miss = (1.0 - settings.confidence) / 2.0;
  const auto stream = [&, subject = subject_of_selection(population, selection)](std::uint32_t s) {
    return RandomStream(settings.seed, subject, Purpose::bootstrap, s);
  };
  const Condition accurate =
      mean_condition(samples, {-settings.accuracy_tolerance, levels.size() - 1});
  const Condition stable =
      spread_condition(samples, settings.spread_tolerance, levels.front().test_images);
  // Either condition may raise the lower limit of the joint interval, so each gets half of that
  // error.
  const CrossingTest test{miss / 2, miss, settings.bootstrap_samples};
  const Crossing by_accuracy = crossing_of(accurate, test, stream(kLiteralAccuracyStep));
  const Crossing by_spread = crossing_of(stable, test, stream(kLiteralSpreadStep));
  const Crossing deciding = by_spread.tested ? together({by_accuracy, by_spread}) : by_accuracy;
  result.size_for_accuracy = size_estimate(levels, by_accuracy);
  if (by_spread.tested) result.size_for_spread = size_estimate(levels, by_spread);
  result.size = size_estimate(levels, deciding);
  if (result.size.parameters) {
    result.failure_limit = failure_limit_from(levels, deciding.estimate, settings.confidence);
  }
  return result;
}

}  // namespace minima::analysis
