// The runs whose weights are analysed, by layer role. Runs are read one after another. Only a
// sample of them keeps its quantile functions; histograms are summed over groups.
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
#include "analysis/weights/weight_words.h"
#include "network/graph.h"
#include "record/run_row.h"
#include "record/weight_summary.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Calls its argument with each recorded tensor summary. The summaries of a run are consecutive,
/// and runs are in the order of the plan, as in store::Reader::weight_summaries.
using SummarySource =
    std::function<void(const std::function<void(const std::string&, record::WeightSummary&&)>&)>;

[[nodiscard]] SummarySource summaries_in(const store::Reader& store);

/// Statistics of a matrix at initialisation.
struct InitialFigures {
  double mean = 0.0;
  double sd = 0.0;
  double near_zero = 0.0;  ///< NaN for constant weights
  double node_strength = 0.0;
};

/// A matrix of a finished run whose weights are all finite.
struct RunTensor {
  std::string name;
  LayerRole role = LayerRole::hidden;
  record::TensorStatistics statistics;  ///< at the end
  std::optional<InitialFigures> start;  ///< absent if the store lacks it
  double node_strength = 0.0;           ///< mean over its nodes
  double node_strength_sd = 0.0;
};

/// How training changed the weights, relative to their initial scale. That scale depends on the
/// width of a network, and so does its success.
struct WeightChange {
  double sd = 0.0;             ///< log(sd at the end / sd at the start)
  double node_strength = 0.0;  ///< log(mean strength at the end / at the start)
  double mean = 0.0;           ///< (mean at the end - mean at the start) / sd at the start
  /// log(fraction of weights near zero at the end / at the start); absent below kFewestOfPeak
  /// weights.
  std::optional<double> near_zero;
};

/// Minimum number of weights for comparing a matrix's fraction near zero.
inline constexpr std::int64_t kFewestOfPeak = 100;

/// Means over several matrices at one stage of training.
struct StageFigures {
  double mean = 0.0;  ///< in units of the sd at the start
  double sd = 0.0;
  double near_zero = 0.0;
  double node_strength = 0.0;
  std::vector<float> quantiles;  ///< mean of the quantile functions; empty if not held
};

/// Statistics of a run's matrices of one role, or of all its matrices.
struct RoleWeights {
  StageFigures end;
  std::optional<StageFigures> start;   ///< absent if the store lacks it, like the next two members
  std::optional<WeightChange> change;  ///< mean over the matrices
  /// Mean of the quantile functions at the end, each divided by the sd of its matrix at the start.
  /// Empty if not held.
  std::vector<float> relative_quantiles;
};

struct WeightRun {
  const record::RunRow* run = nullptr;  ///< of the population
  double accuracy = 0.0;                ///< the one that determines the group
  std::optional<AccuracyGroup> group;
  std::vector<RunTensor> tensors;  ///< input to output
  std::map<LayerRole, RoleWeights> roles;
  RoleWeights whole;  ///< all matrices
  bool held = true;   ///< whether its quantile functions are held

  [[nodiscard]] bool successful() const { return group == AccuracyGroup::high; }
  /// The runs compared with the successful ones. Runs that never left chance level are excluded, as
  /// in arXiv 2408.11720, figure 1.
  [[nodiscard]] bool suboptimal() const {
    return group == AccuracyGroup::low || group == AccuracyGroup::mid;
  }
};

/// Key of the weights of one role, pooled over a group's runs.
using RoleAndGroup = std::pair<LayerRole, AccuracyGroup>;

/// Means of a role's statistics over runs, after a given number of epochs.
struct CoursePoint {
  std::int64_t runs = 0;
  double sd = 0.0;
  double node_strength = 0.0;
};

/// One family on one dataset.
struct WeightFamily {
  std::string dataset;
  network::Family family = network::Family::dnn;
  Problem problem;
  std::vector<WeightRun> runs;  ///< finished with finite weights, in the order of the plan
  std::int64_t left_out = 0;    ///< recorded, but diverged or without summaries of finite weights
  std::map<RoleAndGroup, record::BinnedCounts> histograms;        ///< at the end
  std::map<RoleAndGroup, record::BinnedCounts> start_histograms;  ///< at initialisation
  /// By completed epochs: 0, those requested by the study, and the last.
  std::map<RoleAndGroup, std::map<int, CoursePoint>> courses;
};

using WeightFamilies = std::vector<std::shared_ptr<const WeightFamily>>;

/// A matrix of a network: a tensor with the role of a weight. Biases, norms, positions and class
/// tokens are none.
struct LayerMatrix {
  std::size_t tensor = 0;  ///< index into Graph::tensors
  LayerRole role = LayerRole::hidden;
};

/// The matrices of a network, input to output. Their roles: `attention` or `mlp` in the blocks of a
/// vision transformer, else `output` (the last one), `first` or `hidden`.
[[nodiscard]] std::vector<LayerMatrix> matrices_of(const network::Graph& graph);

/// Ordered by dataset as in the store, then alphabetically by family; only families with runs that
/// have summaries. Each family holds the quantile functions of `projection_points` runs, sampled
/// with `seed`. Memory is bounded by these plus a few hundred bytes per matrix of each run.
/// `population` must outlive the result.
[[nodiscard]] WeightFamilies weight_families_of(const Population& population,
                                                const SummarySource& summaries,
                                                const study::AnalysisSettings& settings);

/// The roles of the family's matrices, in the order of their first matrices.
[[nodiscard]] std::vector<LayerRole> roles_of(const WeightFamily& family);
/// The roles that any of the families has, in the same order.
[[nodiscard]] std::vector<LayerRole> roles_of(const std::vector<const WeightFamily*>& families);

}  // namespace minima::analysis
