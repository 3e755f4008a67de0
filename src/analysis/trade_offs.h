// Accuracy against bytes, over everything that was evaluated on a dataset: trained networks, pruned
// ones, quantized ones, and those that are both.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/compressed_runs.h"
#include "analysis/mean_estimate.h"

namespace minima::analysis {

/// Networks of one architecture to which the same was done, over the runs that learned.
struct TradeOff {
  std::string family;
  std::string architecture;
  std::int64_t parameters = 0;  ///< of the trained run
  std::string pruning;          ///< empty: not pruned
  double sparsity_asked = 0.0;
  double sparsity = 0.0;     ///< achieved, mean
  std::string quantization;  ///< empty: not quantized
  std::string format;        ///< "fp32" where not quantized
  AccuracySummary accuracy;
  double bytes = 0.0;     ///< packed, mean; 4 per parameter of a trained network
  bool on_front = false;  ///< no other is as small and as accurate, and better in one of the two
};

struct DatasetTradeOffs {
  std::string dataset;
  /// Trained networks first, then by architecture, pruning, sparsity, quantization and format;
  /// networks of which one tensor was compressed are left out.
  std::vector<TradeOff> rows;
};

/// Of the datasets with variants; `families` as compressed_runs_of gives them.
[[nodiscard]] std::vector<DatasetTradeOffs> trade_offs_of(
    std::span<const CompressedFamily> families);

/// Sets `on_front` of every row. The front takes the means as they are: of many alike the luckiest.
void mark_front(std::vector<TradeOff>& rows);

}  // namespace minima::analysis
