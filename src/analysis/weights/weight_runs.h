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

#include "analysis/population/groups.h"
#include "analysis/population/population.h"
#include "network/graph.h"
#include "study/analysis_settings.h"
#include "study/weight_summary.h"

namespace minima::analysis {

/// Calls its argument with what was recorded of the tensors of each run, all of a run together, the
/// runs in the order of the plan: store::Reader::weight_summaries.
using SummarySource =
    std::function<void(const std::function<void(const std::string&, study::WeightSummary&&)>&)>;

[[nodiscard]] SummarySource summaries_in(const store::Reader& store);

/// What a matrix was like as it was drawn.
struct InitialFigures {
  double mean = 0.0;
  double sd = 0.0;
  double near_zero = 0.0;  ///< NaN of constant weights
  double node_strength = 0.0;
};

/// A matrix of a finished run whose weights are all finite.
struct RunTensor {
  std::string name;
  std::string role;
  study::TensorStatistics statistics;   ///< at the end
  std::optional<InitialFigures> start;  ///< absent if the store lacks it
  double node_strength = 0.0;           ///< mean over its nodes
  double node_strength_sd = 0.0;
};

/// What training did to weights, free of the scale they were drawn with. That scale depends on the
/// width of a network, and so does its success.
struct WeightChange {
  double sd = 0.0;             ///< log(sd at the end / sd at the start)
  double node_strength = 0.0;  ///< likewise, mean strengths
  double mean = 0.0;           ///< (mean at the end - mean at the start) / sd at the start
  /// log of the fraction of weights near zero, end / start; absent below kFewestOfPeak weights.
  std::optional<double> near_zero;
};

/// Fewest weights of a matrix whose fraction near zero is compared.
inline constexpr std::int64_t kFewestOfPeak = 100;

/// Figures of several matrices at one time: means over them.
struct StageFigures {
  double mean = 0.0;  ///< in units of the sd at the start
  double sd = 0.0;
  double near_zero = 0.0;
  double node_strength = 0.0;
  std::vector<float> quantiles;  ///< mean of the quantile functions; empty where not held
};

/// The matrices of one role of a run, or all of them.
struct RoleWeights {
  StageFigures end;
  std::optional<StageFigures> start;   ///< absent if the store lacks it, like the next two
  std::optional<WeightChange> change;  ///< mean over the matrices
  /// Mean of the quantile functions at the end, each divided by the sd of its matrix at the start.
  /// Empty where not held.
  std::vector<float> relative_quantiles;
};

struct WeightRun {
  const store::RunRow* run = nullptr;  ///< of the population
  double accuracy = 0.0;               ///< that which is grouped
  std::optional<AccuracyGroup> group;
  std::vector<RunTensor> tensors;  ///< input to output
  std::map<std::string, RoleWeights> roles;
  RoleWeights whole;  ///< all matrices
  bool held = true;   ///< its quantile functions are

  [[nodiscard]] bool successful() const { return group == AccuracyGroup::high; }
  /// Compared with the successful ones. Runs that never left chance are no part of it, as in
  /// arXiv 2408.11720, figure 1.
  [[nodiscard]] bool suboptimal() const {
    return group == AccuracyGroup::low || group == AccuracyGroup::mid;
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
  std::map<RoleAndGroup, study::BinnedCounts> histograms;        ///< at the end
  std::map<RoleAndGroup, study::BinnedCounts> start_histograms;  ///< as drawn
  /// By epochs that were done: 0, those that the study asked for, the last.
  std::map<RoleAndGroup, std::map<int, CoursePoint>> courses;
};

using WeightFamilies = std::vector<std::shared_ptr<const WeightFamily>>;

/// Whether a tensor has weights of nodes: not a bias, a norm, a position or a class token.
[[nodiscard]] bool is_matrix(const network::TensorSpec& spec);

/// What a matrix is for: `attention` or `mlp` of a vision transformer's blocks, else `output` (the
/// last one), `first`, or `hidden`.
[[nodiscard]] std::string role_of(const std::string& tensor, std::size_t number, std::size_t count);

/// By dataset in the order of the store, then by family in alphabetical order; only those with runs
/// that have summaries. Of a family the quantile functions of `projection_points` runs are held,
/// sampled with the key `seed`: they and some hundred bytes for each matrix of each run bound the
/// memory. `population` must outlive the result.
[[nodiscard]] WeightFamilies weight_families_of(const Population& population,
                                                const SummarySource& summaries,
                                                const study::AnalysisSettings& settings);

/// The roles that a run of the family has, in the order of their first tensors.
[[nodiscard]] std::vector<std::string> roles_of(const WeightFamily& family);

}  // namespace minima::analysis
