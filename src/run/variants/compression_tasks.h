// The compression items of a study: representatives x protocols.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/shape.h"
#include "store/store.h"
#include "study/plan/plan.h"

namespace minima::run {

/// One protocol applied to one run; recorded as a whole.
struct CompressionItem {
  study::Run run;
  /// Empty: the trained network is quantized.
  std::optional<study::PruningProtocol> pruning;
  /// Applied to the trained network (exactly one), or to every pruned network (any number).
  std::vector<study::QuantizationProtocol> quantizations;

  /// Key in the store: protocols, sparsities and formats.
  [[nodiscard]] record::CompressionTask task() const;
  /// Whether networks train further. Such items share batches only within one replicate.
  [[nodiscard]] bool trains() const;
  /// How often the protocols are applied to the network: once for each quantized tensor if they
  /// take one tensor at a time, otherwise once.
  [[nodiscard]] std::int64_t times(const Problem& problem) const;
  /// Networks evaluated each time: the cost of an item that trains nothing.
  [[nodiscard]] std::int64_t variants() const;
  /// Epochs of training after the run's own, summed over all networks.
  [[nodiscard]] std::int64_t epochs() const;
};

/// Selects representatives among the finished runs, by architecture and dataset. `planned` is the
/// whole plan. An architecture with a run still missing in `rows` has no median and no best yet.
[[nodiscard]] std::vector<study::Run> representatives(std::span<const study::Run> planned,
                                                      std::span<const record::RunRow> rows,
                                                      study::Representatives choice);

/// All items of a study, ordered by protocol, then by plan. Includes only runs whose ids are in
/// `own`, the runs of a shard.
[[nodiscard]] std::vector<CompressionItem> compression_items(const study::Study& study,
                                                             std::span<const study::Run> planned,
                                                             std::span<const record::RunRow> rows,
                                                             const std::set<std::string>& own);

/// Groups items that run together and share batches; returns indices into `items`. The slowest
/// cohorts come first. `max_floats` limits the networks of a cohort that has more than one item.
[[nodiscard]] std::vector<std::vector<std::size_t>> compression_cohorts(
    std::span<const CompressionItem> items, const study::ProblemOf& problem_of,
    std::int64_t max_floats);

}  // namespace minima::run
