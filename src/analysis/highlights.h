// What each section of the report says first: a few numbers per dataset, condensed from the
// analyses. The words are in report/page/sentences.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compression/compression.h"
#include "analysis/convergence/convergence.h"
#include "analysis/headline.h"
#include "analysis/images/image_outcomes.h"

namespace minima::analysis {

/// Runs that are not better than always predicting the largest class.
struct FailureHighlight {
  std::int64_t runs = 0;  ///< recorded
  std::int64_t failed = 0;
  std::string reason;          ///< the most frequent diagnosis; empty if no run failed
  std::int64_t of_reason = 0;  ///< failed runs with this diagnosis
  std::int64_t largest = 0;    ///< parameters of the largest network that failed
};

/// The redundancy of whole networks by the protocol with the largest median.
struct PruningHighlight {
  std::string protocol;
  std::size_t protocols = 1;  ///< compared; the largest median of several is a little too large
  std::int64_t architectures = 0;  ///< stable ones if there are any
  double median = 0.0;             ///< over the architectures' mean redundancies
  /// Of the recommended architecture by the same protocol; absent if it was not pruned.
  std::optional<MeanEstimate> recommended;
};

/// The fewest bits that are enough, by the protocol with the most formats.
struct QuantizationHighlight {
  std::string protocol;
  std::int64_t architectures = 0;
  /// The fewest bits at which at least half of the architectures stay within the tolerance; absent
  /// if there are none.
  std::optional<int> bits;
  std::int64_t enough = 0;  ///< architectures for which these bits are enough
  /// Whether the recommended architecture was quantized, and the smallest format that is enough.
  bool has_recommended = false;
  std::optional<std::string> recommended;
};

/// The tensor that is most often the most sensitive one of its architecture.
struct LayerHighlight {
  std::string tensor;              ///< empty: no architecture has a single most sensitive one
  std::int64_t architectures = 0;  ///< with at least two tensors compressed on their own
  std::int64_t most_sensitive = 0;
  /// Probability that some tensor leads as often if each is equally often the most sensitive one:
  /// binomial, times the number of tensors (Bonferroni), at most 1.
  double p = 1.0;
  bool by_pruning = true;  ///< the least redundancy; else the largest loss by the fewest bits
};

/// The class that the recommended network recognises worst.
struct ClassHighlight {
  std::string architecture;
  std::string name;
  AccuracyInterval accuracy;  ///< simultaneous over the classes
  /// Whether the interval is below the accuracy over all classes; if not, the worst of equal
  /// classes would look the same.
  bool is_clear = false;
  std::string mistaken_for;  ///< most frequent wrong prediction; empty if unknown
  double mistaken_share = 0.0;
};

/// The networks on the front of a dataset by bytes, each more accurate on test images than all
/// smaller ones. Where validation images choose the front, test images may contradict its order.
[[nodiscard]] std::vector<const TradeOff*> rising_front(const DatasetTradeOffs& trade_offs);

/// The best network of the rising front within a budget of bytes.
struct BudgetHighlight {
  double budget = 0.0;  ///< bytes
  TradeOff choice;
};

struct DatasetHighlights {
  std::string dataset;
  FailureHighlight failures;
  std::optional<PruningHighlight> pruning;
  std::optional<QuantizationHighlight> quantization;
  std::optional<LayerHighlight> layers;
  std::optional<ClassHighlight> classes;
  std::vector<BudgetHighlight> budgets;  ///< by budget, ascending; one per choice
};

/// Input of highlights_of(). Everything belongs to one store.
struct HighlightInput {
  const Convergence& convergence;
  const Compression& compression;
  const Population& population;
  const Headline& headline;
  const ImageOutcomes* outcomes = nullptr;  ///< null: nothing about classes
};

/// In the order of the headline's datasets.
[[nodiscard]] std::vector<DatasetHighlights> highlights_of(const HighlightInput& input);

}  // namespace minima::analysis
