// From a study to the runs it asks for, and from runs to cohorts, the engine's unit of work.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/shape.h"
#include "study/study_file.h"

namespace minima::study {

/// The distinct architectures of the grid designs and lists, in the order of the file.
[[nodiscard]] std::vector<network::Architecture> grid_of(const Study& study);

using ProblemOf = std::function<Problem(const std::string& dataset)>;

/// Every run of the study, in a fixed order (dataset, design, architecture, replicate), duplicates
/// taken once. `dataset_names`: the canonical notation of study.datasets, one for one.
/// With `problem_of`, an architecture that does not fit the images of a dataset is an input error
/// at its design's place, or skipped there where study.invalid says so. Input error for a study
/// that has no run left.
[[nodiscard]] std::vector<Run> expand(const Study& study,
                                      std::span<const std::string> dataset_names,
                                      const ProblemOf& problem_of = nullptr);

/// Runs that share dataset, replicate, batch size and scaling, hence one stream of batches.
struct Cohort {
  std::vector<std::size_t> runs;  ///< indices into the runs given
  double flop = 0.0;              ///< of the whole training, all runs
};

struct CohortLimits {
  std::size_t max_runs = 16;
  /// Parameters of all runs together, so that their weights and moments stay in a core's cache.
  std::int64_t max_parameters = 175'000;
  std::size_t jobs = 1;  ///< cohorts are made small enough that this many workers all have work
};

/// `problem_of`, `train_count_of`: by dataset name. Largest cohort first. Which runs share a cohort
/// never changes their results.
[[nodiscard]] std::vector<Cohort> make_cohorts(
    std::span<const Run> runs, const ProblemOf& problem_of,
    const std::function<std::int64_t(const std::string&)>& train_count_of,
    const CohortLimits& limits);

struct Shard {
  int index = 1;  ///< 1..count
  int count = 1;
  [[nodiscard]] static Shard parse(const std::string& text);  ///< "2/8"
};

/// The runs of one shard, in the order of the plan: replicates of one dataset stay together where
/// they can (they share batches), and the shards' FLOP are balanced.
[[nodiscard]] std::vector<Run> runs_of_shard(std::span<const Run> runs, const Shard& shard,
                                             const ProblemOf& problem_of);

}  // namespace minima::study
