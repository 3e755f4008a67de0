#include "analysis/convergence/reliability.h"

#include <algorithm>
#include <cmath>

#include "analysis/sizes/conditions.h"
#include "core/numbers/tolerance.h"
#include "statistics/distributions.h"
#include "statistics/fits/isotonic.h"

namespace minima::analysis {
namespace {

constexpr std::uint32_t kFirstReliabilityStep = 16;  // RandomStream step; one per reliability
constexpr double kUnreachable = 2.0;                 // an accuracy above 1
// Fraction of the error probability reserved for test-image sampling.
constexpr double kImagePart = 0.2;

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

Crossing crossing_at(const std::vector<Level>& levels, double threshold, double share,
                     const CrossingTest& test, const RandomStream& stream) {
  return crossing_of(share_condition(successes_at(levels, threshold), share), test, stream);
}

}  // namespace

Reliability reliability_of(const Population& population, const Selection& selection,
                           const Target& target, const study::AnalysisSettings& settings) {
  const std::vector<Level> levels = levels_of(population, selection, settings.significance);
  Reliability result{.dataset = selection.dataset,
                     .family = selection.family,
                     .threshold = target.accuracy,
                     .threshold_given = target.given,
                     .missing = target.missing,
                     .confidence = settings.confidence};
  if (levels.empty()) return result;
  // Without a target no run succeeds.
  const double threshold = target.missing.empty() ? target.accuracy : kUnreachable;
  result.levels = rows_of(levels, successes_at(levels, threshold));
  if (!target.missing.empty()) return result;
  const double miss = 1.0 - settings.confidence;
  const double rest = (1.0 - kImagePart) * miss / 2;
  const CrossingTest test{rest, rest, settings.bootstrap_samples};
  // Margin: with other test images all accuracies near the target could shift by this much.
  const double error = normal_score(kImagePart * miss / 2) *
                       std::sqrt(image_variance(threshold, levels.front().test_images));

  std::vector<double> shares = {0.5, 0.95, settings.reliability};
  std::sort(shares.begin(), shares.end());
  shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
  const std::uint64_t subject = subject_of_selection(population, selection);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const RandomStream stream(settings.seed, subject, Purpose::bootstrap,
                              kFirstReliabilityStep + static_cast<std::uint32_t>(i));
    Crossing crossing = crossing_at(levels, threshold, shares[i], test, stream);
    crossing.low =
        std::min(crossing.low, crossing_at(levels, threshold - error, shares[i], test, stream).low);
    crossing.high = std::max(crossing.high,
                             crossing_at(levels, threshold + error, shares[i], test, stream).high);
    result.sizes.push_back({shares[i], size_estimate(levels, crossing)});
  }
  return result;
}

}  // namespace minima::analysis
