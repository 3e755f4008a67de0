// The regimes along the sizes of a series: unstable, learning, overfitting. Papers name them
// (arXiv 2408.11720, 2601.17987); the definition is minima's own.
//
//   stable at P        share of successful runs >= reliability, and
//                      standard deviation of test accuracy among those <= eps_sigma, beyond what
//                      the number of test images explains
//   overfitting at P   stable, and
//                      mean of training - test accuracy >= gap_tolerance, and
//                      A(P) >= A_top - eps_A: more parameters no longer help, and
//                      share of runs whose test loss turned >= turned_share
//
// Each holds from the smallest size on from which it holds for all larger ones (crossing.h). A_top
// is the mean over the runs of the top block of the isotonic fit of A: A(P_max), or, where accuracy
// does not rise up to the end, the mean over the sizes it does not rise over. The test loss of a
// run turned when its last value exceeds (1 + loss_rise) times its least over the epochs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "analysis/population/target.h"
#include "analysis/sizes/crossing.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

enum class Regime { unstable, learning, overfitting, withheld };
[[nodiscard]] std::string to_string(Regime regime);

/// The regime of one size, and what speaks for it.
struct LevelRegime {
  std::int64_t parameters = 0;
  Regime regime = Regime::unstable;
  std::int64_t runs = 0;
  std::int64_t learned = 0;  ///< better than the largest class, by the test of answer.h
  std::int64_t skilled = 0;  ///< of those, with AnalysisSettings::least_skill of the best's skill
  std::optional<double> sd_learned;  ///< of test accuracy; absent below two learned runs
  double test_accuracy = 0.0;        ///< A(P): mean; a diverged run counts as the largest class
  std::optional<double> gap;         ///< mean of training - test accuracy of finished runs
  std::optional<double> test_loss;   ///< mean over finished runs, after the last epoch
  std::int64_t loss_known = 0;       ///< runs whose test loss is recorded over epochs
  std::int64_t loss_turned = 0;      ///< those of them whose test loss turned
  std::optional<double> turn_epoch;  ///< median epoch of the least test loss of those that turned
};

/// A regime that no level is in is absent. Boundaries are sizes trained: the first of the regime.
struct Regimes {
  std::string missing;  ///< why there are no boundaries; else empty
  std::size_t dataset = 0;
  std::string family;
  SizeEstimate stable_from;       ///< absent: unstable up to the largest size
  SizeEstimate overfitting_from;  ///< absent: never, or not known
  bool spread_known = false;      ///< a level has two successful runs
  bool loss_known = false;  ///< a run has its test loss over epochs; else overfitting is unknown
  /// The parts, each alone. Their intervals have more confidence than asked for.
  SizeEstimate learned_from;
  SizeEstimate spread_small_from;
  SizeEstimate gap_from;
  SizeEstimate saturated_from;
  SizeEstimate loss_turned_from;
  double confidence = 0.95;         ///< of the two boundaries' intervals
  std::vector<LevelRegime> levels;  ///< by parameters, ascending
  std::vector<Regime> run_regimes;  ///< of each run of the selection, in its order
};

/// Without boundaries; the evidence of the levels stays.
void withhold(Regimes& regimes, std::string reason);

[[nodiscard]] Regimes regimes_of(const Population& population, const Selection& selection,
                                 const Target& target, const study::AnalysisSettings& settings);

}  // namespace minima::analysis
