// Accuracy against bytes, over everything that was evaluated on a dataset: trained networks, pruned
// ones, quantized ones, and those that are both. Means are over all runs, failed ones included, as
// in choices.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "statistics/mean_estimate.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// Networks of one architecture to which the same was done.
struct TradeOff {
  std::string family;
  std::string architecture;
  std::int64_t parameters = 0;  ///< of the trained run
  std::string pruning;          ///< empty: not pruned
  double sparsity_asked = 0.0;
  double sparsity = 0.0;     ///< achieved, mean
  std::string quantization;  ///< empty: not quantized
  std::string format;        ///< "fp32" where not quantized
  int bits = 32;
  AccuracySummary accuracy;  ///< on test images, of all runs
  AccuracySummary choosing;  ///< on validation images where there are any, else the same
  std::int64_t learned = 0;  ///< runs that are better than always answering with the largest class
  bool in_integers = false;  ///< computes in integers alone, so that it exports as a C program
  double bytes = 0.0;        ///< packed, mean; 4 per parameter of a trained network
  /// No other is as small and as accurate on the images that choose, and better in one of the two.
  bool on_front = false;
  /// Of a network on the front: interval of the mean test accuracy, for new trainings and images,
  /// that holds for all networks of the dataset at once (front.h). Absent where no architecture has
  /// two runs.
  std::optional<double> low = {};
  std::optional<double> high = {};
  /// Whether it is shown to be more accurate than the next smaller network of the front; nothing
  /// for the smallest, and without `low`.
  std::optional<bool> gain_shown = {};

  /// Half of the runs or more learned; others are on no front.
  [[nodiscard]] bool learns() const { return 2 * learned >= accuracy.runs; }
};

struct DatasetTradeOffs {
  std::string dataset;
  /// Trained networks first, then by parameters, architecture, pruning, sparsity, quantization and
  /// format, from the most bits down; networks of which one tensor was compressed are left out.
  std::vector<TradeOff> rows;
};

/// Of the datasets with variants, in the order of the store.
[[nodiscard]] std::vector<DatasetTradeOffs> trade_offs_of(const Population& population,
                                                          const study::AnalysisSettings& settings);

/// Sets `on_front` of every row. The front takes the means as they are: of many alike the luckiest.
void mark_front(std::vector<TradeOff>& rows);

/// The network of the fewest bytes that loses at most `tolerance` to the most accurate one, on the
/// images that choose. Where bytes tie, one that computes in integers goes first, then the more
/// accurate one. Null if no network learns.
[[nodiscard]] const TradeOff* smallest_within(std::span<const TradeOff> rows, double tolerance);

}  // namespace minima::analysis
