// The regimes along the sizes of a series: unstable, learning, overfitting. Papers name them
// (arXiv 2408.11720, 2601.17987); the definition is our own.
//
//   stable at P        fraction of successful runs >= reliability, and
//                      standard deviation of their test accuracy <= eps_sigma, after removal of
//                      the variance due to test-image sampling
//   overfitting at P   stable, and
//                      mean of training - test accuracy >= gap_tolerance, and
//                      A(P) >= A_top - eps_A: more parameters no longer help, and
//                      fraction of runs whose test loss turned >= turned_share
//
// A regime begins at the smallest size from which its condition holds for all larger sizes
// (crossing.h). A_top is the mean over the runs of the top block of the isotonic fit of A. It is
// A(P_max) if accuracy rises to the end, else the mean over the last sizes without a rise. The test
// loss of a run turned if its last value exceeds (1 + loss_rise) times its minimum over the epochs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/population/target.h"
#include "analysis/sizes/crossing.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

enum class Regime { unstable, learning, overfitting, withheld };
[[nodiscard]] std::string to_string(Regime regime);

/// The regime of one size, with its evidence.
struct LevelRegime {
  std::int64_t parameters = 0;
  Regime regime = Regime::unstable;
  std::int64_t runs = 0;
  std::int64_t learned = 0;  ///< better than the majority class (population/chance.h)
  std::int64_t skilled = 0;  ///< learned runs with AnalysisSettings::least_skill of the best skill
  std::optional<double> sd_learned;  ///< of test accuracy; absent with fewer than two learned runs
  double test_accuracy = 0.0;        ///< A(P); a diverged run counts as the majority class
  std::optional<double> gap;         ///< mean of training - test accuracy of finished runs
  std::optional<double> test_loss;   ///< mean over finished runs, after the last epoch
  std::int64_t loss_known = 0;       ///< runs with recorded test loss over epochs
  std::int64_t loss_turned = 0;      ///< of these, runs whose test loss turned
  std::optional<double> turn_epoch;  ///< median epoch of the minimum test loss of these runs
};

/// A regime without levels is absent. A boundary is the first trained size of the regime.
struct Regimes {
  std::string missing;  ///< why there are no boundaries; empty if there are
  std::size_t dataset = 0;
  network::Family family = network::Family::dnn;
  SizeEstimate stable_from;       ///< absent: unstable up to the largest size
  SizeEstimate overfitting_from;  ///< absent: never, or unknown
  bool spread_known = false;      ///< some level has two successful runs
  bool loss_known = false;  ///< some run has a test loss over epochs; else overfitting is unknown
  /// Each condition alone. Their intervals have more than the requested confidence.
  SizeEstimate learned_from;
  SizeEstimate spread_small_from;
  SizeEstimate gap_from;
  SizeEstimate saturated_from;
  SizeEstimate loss_turned_from;
  double confidence = 0.95;         ///< of the intervals of the two boundaries
  std::vector<LevelRegime> levels;  ///< by parameters, ascending
  std::vector<Regime> run_regimes;  ///< per run of the selection, in its order
};

/// Removes the boundaries and keeps the evidence of the levels.
void withhold(Regimes& regimes, std::string reason);

[[nodiscard]] Regimes regimes_of(const Population& population, const Selection& selection,
                                 const Target& target, const study::AnalysisSettings& settings);

}  // namespace minima::analysis
