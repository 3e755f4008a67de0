// The runs whose weights are looked at, by what their layers are for. They are read one after
// another: what is large of a run is held of some alone, and added up over groups.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/groups.h"
#include "analysis/population.h"
#include "study/analysis_settings.h"
#include "study/layers.h"
#include "study/weight_summary.h"

namespace minima::analysis {

/// Calls its argument with what was recorded of the tensors of each run, all of a run together, the
/// runs in the order of the plan: store::Reader::weight_summaries.
using SummarySource =
    std::function<void(const std::function<void(const std::string&, study::WeightSummary&&)>&)>;

[[nodiscard]] SummarySource summaries_in(const store::Reader& store);

/// A matrix of a finished run whose weights are all finite.
struct RunTensor {
  std::string name;
  std::string role;
  study::TensorStatistics statistics;  ///< at the end
  std::optional<double> start_sd;
  double node_strength = 0.0;  ///< mean over its nodes
  double node_strength_sd = 0.0;
};

/// The tensors of one role of a run put together: means of their figures.
struct RoleWeights {
  double sd = 0.0;
  double node_strength = 0.0;  ///< mean over its nodes
  std::int64_t weights = 0;
  /// Where the density of all its weights is largest; of successful runs alone.
  std::optional<double> mode;
  std::vector<float> quantiles;  ///< mean of the tensors' functions; empty where not held
};

struct WeightRun {
  const store::RunRow* run = nullptr;  ///< of the population
  double accuracy = 0.0;               ///< that which is grouped
  std::optional<AccuracyGroup> group;
  std::vector<RunTensor> tensors;  ///< input to output
  std::map<std::string, RoleWeights> roles;
  bool held = true;  ///< its quantile functions are

  [[nodiscard]] bool successful() const { return group == AccuracyGroup::high; }
  [[nodiscard]] bool failed() const {
    return group == AccuracyGroup::low || group == AccuracyGroup::non;
  }
};

/// Weights of a role of a group's runs, all of them.
using RoleAndGroup = std::pair<std::string, AccuracyGroup>;

/// Means of a role's figures over runs when so many epochs were done.
struct CoursePoint {
  std::int64_t runs = 0;
  double sd = 0.0;
  double node_strength = 0.0;
};

/// One family on one dataset.
struct WeightFamily {
  std::string dataset;
  std::string family;
  Problem problem;
  std::vector<WeightRun> runs;  ///< finished with finite weights, in the order of the plan
  std::int64_t left_out = 0;    ///< recorded, but diverged or without figures of finite weights
  std::map<RoleAndGroup, study::BinnedCounts> histograms;
  /// By epochs that were done: 0, those that the study asked for, the last.
  std::map<RoleAndGroup, std::map<int, CoursePoint>> courses;
};

using WeightFamilies = std::vector<std::shared_ptr<const WeightFamily>>;

/// Whether a tensor has weights of nodes: not a bias, a norm, a position or a class token.
[[nodiscard]] bool is_matrix(const study::TensorSpec& spec);

/// What a matrix is for: `attention` or `mlp` of a vision transformer's blocks, else `output` (the
/// last one), `first`, or `hidden`.
[[nodiscard]] std::string role_of(const std::string& tensor, std::size_t number, std::size_t count);

/// By dataset in the order of the store, then by family in alphabetical order; only those with runs
/// that have summaries. Of a family the quantile functions of as many runs are held as
/// `projection_points` says, drawn by the key `seed`: memory is bounded by it, and by some hundred
/// bytes for each matrix of each run. `population` must outlive the result.
[[nodiscard]] WeightFamilies weight_families_of(const Population& population,
                                                const SummarySource& summaries,
                                                const study::AnalysisSettings& settings);

/// The roles that a run of the family has, in the order of their first tensors.
[[nodiscard]] std::vector<std::string> roles_of(const WeightFamily& family);

}  // namespace minima::analysis
