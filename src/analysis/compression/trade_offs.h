// Accuracy against bytes, over everything evaluated on a dataset: trained, pruned, quantized, and
// pruned and quantized networks. Means are over all runs, including failed ones, as in choices.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "statistics/estimates/mean_estimate.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Networks of one architecture with the same compression.
struct TradeOff {
  network::Family family = network::Family::dnn;
  std::string architecture;
  std::int64_t parameters = 0;  ///< of the trained run
  std::string pruning;          ///< empty: not pruned
  double sparsity_asked = 0.0;
  double sparsity = 0.0;     ///< mean of the achieved sparsity
  std::string quantization;  ///< empty: not quantized
  study::ValueFormat format;
  int bits = 32;
  AccuracySummary accuracy;  ///< on test images, over all runs
  AccuracySummary choosing;  ///< on validation images if there are any, else on test images
  std::int64_t learned = 0;  ///< runs better than the majority class
  bool in_integers = false;  ///< integer arithmetic only, exports as a C program
  double bytes = 0.0;        ///< packed size, mean; 4 per parameter of a trained network
  /// Pareto-optimal: no other row is as small and as accurate on the images used for selection, and
  /// better in one of the two.
  bool on_front = false;
  /// For a network on the front: interval of the mean test accuracy over new trainings and new
  /// images, simultaneous for all networks of the dataset (front.h). Absent if no architecture has
  /// two runs.
  std::optional<double> low = {};
  std::optional<double> high = {};
  /// Whether the network is shown to be more accurate than the next smaller one on the front;
  /// absent for the smallest, and without `low`.
  std::optional<bool> gain_shown = {};

  /// Whether at least half of the runs learned; others are never on the front.
  [[nodiscard]] bool learns() const { return 2 * learned >= accuracy.runs; }
};

struct DatasetTradeOffs {
  std::string dataset;
  /// Trained networks first, then by parameters, architecture, pruning, sparsity, quantization and
  /// format, from the most bits to the fewest. Networks with a single compressed tensor are left
  /// out.
  std::vector<TradeOff> rows;
};

/// For the datasets with variants, in the order of the store.
[[nodiscard]] std::vector<DatasetTradeOffs> trade_offs_of(const Population& population,
                                                          const study::AnalysisSettings& settings);

/// Sets `on_front` of every row. The front uses the means without correction: among many similar
/// networks it favours the luckiest.
void mark_front(std::vector<TradeOff>& rows);

}  // namespace minima::analysis
