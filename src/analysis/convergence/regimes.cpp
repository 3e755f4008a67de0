#include "analysis/convergence/regimes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "analysis/sizes/conditions.h"
#include "core/numbers/tolerance.h"
#include "record/run_result.h"
#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

constexpr std::uint32_t kFirstStep = 32;  // RandomStream step; one per condition
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Epoch of the minimum test loss of a run, and whether the loss rose again.
struct LossTurn {
  bool known = false;
  bool turned = false;
  int epoch = 0;
};

LossTurn loss_turn(const record::RunResult& result, double rise) {
  LossTurn turn;
  double least = std::numeric_limits<double>::infinity();
  double last = kUnknown;
  int epochs = 0;
  for (const record::EpochRecord& epoch : result.history) {
    if (!std::isfinite(epoch.test_loss)) continue;
    ++epochs;
    last = epoch.test_loss;
    if (last >= least) continue;
    least = last;
    turn.epoch = epoch.epoch;
  }
  turn.known = epochs >= 2;
  turn.turned = turn.known && last > (1.0 + rise) * least;
  return turn;
}

// Adds the test losses of the runs of `level`.
void see_losses(const Population& population, const Level& level, double rise, LevelRegime& row) {
  Moments loss;
  std::vector<double> epochs;
  for (const LevelRun& run : level.runs) {
    if (!run.finished) continue;
    const record::RunResult& result = population.runs[run.run].result;
    if (std::isfinite(result.test_loss)) loss.add(result.test_loss);
    const LossTurn turn = loss_turn(result, rise);
    if (turn.known) ++row.loss_known;
    if (!turn.turned) continue;
    ++row.loss_turned;
    epochs.push_back(turn.epoch);
  }
  if (loss.count() > 0) row.test_loss = loss.mean();
  if (!epochs.empty()) row.turn_epoch = quantile(epochs, 0.5);
}

// The quantities tested by the conditions, per level.
struct Evidence {
  std::vector<Sample> accuracy;
  std::vector<Sample> accuracy_skilled;
  std::vector<Sample> gap;
  std::vector<Count> skilled;
  std::vector<Count> turned;
};

// Removes the variance explained by test-image sampling. The result is scaled so that the bound
// remains `tolerance`.
std::vector<Sample> beyond_images(std::vector<Sample> samples, const std::vector<Level>& levels,
                                  double tolerance) {
  const double allowed = tolerance * tolerance;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double images = image_variance(samples[i].mean, levels[i].test_images);
    const double factor = allowed > 0.0 ? allowed / (allowed + images) : 1.0;
    samples[i].variance *= factor;
    samples[i].fourth *= factor * factor;
  }
  return samples;
}

Evidence evidence_of(const Population& population, const std::vector<Level>& levels,
                     const Target& target, const study::AnalysisSettings& settings,
                     std::vector<LevelRegime>& rows) {
  Evidence evidence;
  evidence.accuracy = accuracy_samples(levels);
  const auto learned = samples_of(
      levels, [](const LevelRun& run) { return run.learned ? run.test_accuracy : kUnknown; });
  const auto skilled = samples_of(levels, [&](const LevelRun& run) {
    const bool is_skilled = run.learned && run.test_accuracy >= target.skilled_accuracy - kRounding;
    return is_skilled ? run.test_accuracy : kUnknown;
  });
  evidence.accuracy_skilled = beyond_images(skilled, levels, settings.spread_tolerance);
  evidence.gap = samples_of(levels, [](const LevelRun& run) { return run.gap; });
  for (std::size_t i = 0; i < levels.size(); ++i) {
    LevelRegime row{.parameters = levels[i].parameters};
    row.runs = static_cast<std::int64_t>(levels[i].runs.size());
    row.learned = learned[i].count;
    row.skilled = skilled[i].count;
    row.test_accuracy = evidence.accuracy[i].mean;
    if (row.learned > 1) row.sd_learned = std::sqrt(learned[i].variance);
    if (evidence.gap[i].count > 0) row.gap = evidence.gap[i].mean;
    see_losses(population, levels[i], settings.loss_rise, row);
    evidence.skilled.push_back({row.skilled, row.runs});
    evidence.turned.push_back({row.loss_turned, row.loss_known});
    rows.push_back(row);
  }
  return evidence;
}

// First level of the top block of the isotonic fit: accuracy does not rise beyond it.
std::size_t top_block(const std::vector<Sample>& accuracy) {
  const std::vector<double> fit = fitted_means(accuracy);
  std::size_t first = fit.size();
  while (first > 0 && fit[first - 1] == fit.back()) --first;
  return first;
}

// Computes the crossings of the conditions of one selection.
class Boundaries {
 public:
  Boundaries(std::uint64_t seed, std::uint64_t subject, int samples, double miss)
      : seed_(seed), subject_(subject), samples_(samples), miss_(miss) {}

  // `parts`: number of conditions that share the error probability of a joint interval.
  Crossing operator()(const Condition& condition, double parts) {
    const RandomStream stream(seed_, subject_, Purpose::bootstrap, step_++);
    return crossing_of(condition, {miss_ / parts, miss_, samples_}, stream);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t subject_;
  int samples_;
  double miss_;
  std::uint32_t step_ = kFirstStep;
};

// Sets the boundaries; returns the first levels of learning and of overfitting.
std::pair<std::size_t, std::size_t> set_boundaries(const std::vector<Level>& levels,
                                                   const Evidence& evidence,
                                                   const study::AnalysisSettings& settings,
                                                   Boundaries at, Regimes& result) {
  const Condition learned = share_condition(evidence.skilled, settings.reliability);
  const std::int64_t images = levels.empty() ? 0 : levels.front().test_images;
  const Condition calm =
      spread_condition(evidence.accuracy_skilled, settings.spread_tolerance, images);
  const Crossing stable = together({at(learned, 2), at(calm, 2)});
  result.spread_known = static_cast<bool>(calm.holds);
  result.stable_from = size_estimate(levels, stable);

  // Overfitting is the conjunction of five conditions.
  const Crossing learned_part = at(learned, 5);
  const Crossing calm_part = at(calm, 5);
  const Crossing gap = at(mean_condition(evidence.gap, {settings.gap_tolerance}), 5);
  const Crossing saturated =
      at(mean_condition(evidence.accuracy,
                        {-settings.accuracy_tolerance, top_block(evidence.accuracy), true}),
         5);
  const Crossing turned = at(share_condition(evidence.turned, settings.turned_share), 5);
  result.learned_from = size_estimate(levels, learned_part);
  result.spread_small_from = size_estimate(levels, calm_part);
  result.gap_from = size_estimate(levels, gap);
  result.saturated_from = size_estimate(levels, saturated);
  result.loss_known = std::any_of(evidence.turned.begin(), evidence.turned.end(),
                                  [](const Count& count) { return count.trials > 0; });
  // With one size, whether more parameters would help is unknown.
  if (!result.loss_known || levels.size() < 2) return {stable.estimate, levels.size()};
  const Crossing over = together({learned_part, calm_part, gap, saturated, turned});
  result.loss_turned_from = size_estimate(levels, turned);
  result.overfitting_from = size_estimate(levels, over);
  return {stable.estimate, over.estimate};
}

Regime regime_at(std::size_t level, std::size_t learning, std::size_t overfitting) {
  if (level < learning) return Regime::unstable;
  return level < overfitting ? Regime::learning : Regime::overfitting;
}

}  // namespace

std::string to_string(Regime regime) {
  switch (regime) {
    case Regime::unstable:
      return "unstable";
    case Regime::learning:
      return "learning";
    case Regime::overfitting:
      return "overfitting";
    case Regime::withheld:
      return "withheld";
  }
  return "";
}

void withhold(Regimes& regimes, std::string reason) {
  regimes.missing = std::move(reason);
  for (SizeEstimate* boundary :
       {&regimes.stable_from, &regimes.overfitting_from, &regimes.learned_from,
        &regimes.spread_small_from, &regimes.gap_from, &regimes.saturated_from,
        &regimes.loss_turned_from}) {
    *boundary = {};
  }
  for (LevelRegime& level : regimes.levels) level.regime = Regime::withheld;
  std::ranges::fill(regimes.run_regimes, Regime::withheld);
}

Regimes regimes_of(const Population& population, const Selection& selection, const Target& target,
                   const study::AnalysisSettings& settings) {
  const std::vector<Level> levels = levels_of(population, selection, settings.significance);
  Regimes result{
      .dataset = selection.dataset, .family = selection.family, .confidence = settings.confidence};
  const Evidence evidence = evidence_of(population, levels, target, settings, result.levels);
  const Boundaries boundaries(settings.seed, subject_of_selection(population, selection),
                              settings.bootstrap_samples, (1.0 - settings.confidence) / 2.0);
  const auto [learning, overfitting] =
      set_boundaries(levels, evidence, settings, boundaries, result);
  std::map<std::size_t, Regime> of_run;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    result.levels[i].regime = regime_at(i, learning, overfitting);
    for (const LevelRun& run : levels[i].runs) of_run[run.run] = result.levels[i].regime;
  }
  for (const std::size_t run : selection.runs) result.run_regimes.push_back(of_run.at(run));
  return result;
}

}  // namespace minima::analysis
