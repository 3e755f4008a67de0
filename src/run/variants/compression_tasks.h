// Which pieces of compression a study asks for: representatives x protocols.
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
#include "study/plan.h"

namespace minima::run {

/// What one protocol does with one run; recorded as a whole.
struct CompressionItem {
  study::Run run;
  /// Nothing: the trained network is quantized.
  std::optional<study::PruningProtocol> pruning;
  /// Of the trained network (exactly one), or of every pruned one (any number).
  std::vector<study::QuantizationProtocol> quantizations;

  /// Its key in the store: protocols, sparsities and formats.
  [[nodiscard]] store::CompressionTask task() const;
  /// Whether networks are trained on: then only items of one replicate share their batches.
  [[nodiscard]] bool trains() const;
  /// Networks that are evaluated, at least: what it costs where nothing is trained.
  [[nodiscard]] std::int64_t variants() const;
  /// Epochs of training after the run's own, all networks together.
  [[nodiscard]] std::int64_t epochs() const;
};

/// Of the runs that have finished: those that a choice of representatives takes of each
/// architecture on each dataset. `planned`: the whole plan; an architecture of which a run is still
/// missing in `rows` has no median and no best yet.
[[nodiscard]] std::vector<study::Run> representatives(std::span<const study::Run> planned,
                                                      std::span<const store::RunRow> rows,
                                                      study::Representatives choice);

/// Every item of a study, in the order of its protocols, then of the plan; only of runs in `own`
/// (their ids): those of a shard.
[[nodiscard]] std::vector<CompressionItem> compression_items(const study::Study& study,
                                                             std::span<const study::Run> planned,
                                                             std::span<const store::RunRow> rows,
                                                             const std::set<std::string>& own);

/// Items that are carried out together, sharing batches; indices into the items given. The first
/// cohorts take longest. `max_floats`: of the networks of one cohort, as far as it has more than
/// one item.
[[nodiscard]] std::vector<std::vector<std::size_t>> compression_cohorts(
    std::span<const CompressionItem> items, const study::ProblemOf& problem_of,
    std::int64_t max_floats);

}  // namespace minima::run
