// Expands a study into runs, and groups runs into cohorts, the engine's unit of work.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/shape.h"
#include "study/run.h"
#include "study/study.h"

namespace minima::study {

/// The distinct architectures of grids and lists, in file order.
[[nodiscard]] std::vector<network::Architecture> grid_of(const Study& study);

using ProblemOf = std::function<Problem(const std::string& dataset)>;

/// Every run of the study in a fixed order (dataset, design, architecture, replicate), without
/// duplicates. `dataset_names` holds the canonical notation of each of study.datasets. With
/// `problem_of`, an architecture that does not fit the images of a dataset is an input error at its
/// design's location, or is skipped if study.invalid says so. Input error if no run is left.
[[nodiscard]] std::vector<Run> expand(const Study& study,
                                      std::span<const std::string> dataset_names,
                                      const ProblemOf& problem_of = nullptr);

/// Runs that share dataset, replicate, batch size and scaling, and therefore one stream of batches.
struct Cohort {
  std::vector<std::size_t> runs;  ///< indices into the given runs
  double flop = 0.0;              ///< FLOP of the whole training of all runs
};

struct CohortLimits {
  std::size_t max_runs = 16;
  /// Total parameters of all runs; keeps their weights and moments in a core's cache.
  std::int64_t max_parameters = 175'000;
  std::size_t jobs = 1;  ///< cohorts are made small enough to give work to this many workers
};

/// `problem_of` and `train_count_of` take a dataset name. The largest cohort comes first. The
/// grouping of runs never changes their results.
[[nodiscard]] std::vector<Cohort> make_cohorts(
    std::span<const Run> runs, const ProblemOf& problem_of,
    const std::function<std::int64_t(const std::string&)>& train_count_of,
    const CohortLimits& limits);

struct Shard {
  int index = 1;  ///< 1..count
  int count = 1;
  [[nodiscard]] static Shard parse(const std::string& text);  ///< "2/8"
};

/// The runs of one shard, in plan order. Replicates of one dataset stay together where possible,
/// because they share batches. The FLOP of the shards are balanced.
[[nodiscard]] std::vector<Run> runs_of_shard(std::span<const Run> runs, const Shard& shard,
                                             const ProblemOf& problem_of);

}  // namespace minima::study
