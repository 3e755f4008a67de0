// What distinguishes the weights of successful networks: everything in docs/weights.md except the
// projection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/weights/architecture_contrast.h"
#include "analysis/weights/weight_runs.h"
#include "record/analysis.h"
#include "record/weight_summary.h"
#include "statistics/tests/contrast.h"

namespace minima::analysis {

/// Weights of one role over all runs of a group: normalised histogram and kernel density at evenly
/// spaced points.
struct GroupDensity {
  LayerRole role = LayerRole::all;
  AccuracyGroup group = AccuracyGroup::other;
  record::WeightStage stage = record::WeightStage::end;  ///< end or start
  std::int64_t runs = 0;
  std::int64_t weights = 0;
  double bandwidth = 0.0;
  std::vector<double> x;
  std::vector<double> histogram;  ///< fraction of the weights around x, per unit of weight
  std::vector<double> density;    ///< per unit of weight
};

/// Distance between the weight distributions of runs of two groups, or of one.
struct GroupDistance {
  LayerRole role = LayerRole::all;
  AccuracyGroup a = AccuracyGroup::other;
  AccuracyGroup b = AccuracyGroup::other;
  std::int64_t pairs = 0;  ///< of different runs
  /// Mean Wasserstein distance over the runs whose quantile functions are held.
  std::optional<double> mean;
  std::optional<double> start_mean;  ///< mean distance of the initial weights
  double merged = 0.0;               ///< distance of the groups' merged histograms
};

/// Correlation over runs between the node strengths of a layer and of the next layer: logarithms of
/// their means.
struct NodeCorrelation {
  std::string tensor;
  std::string next;
  WeightScope scope = WeightScope::population;
  std::optional<AccuracyGroup> group;  ///< empty: all runs
  Correlation end;
  std::optional<double> start_r;   ///< of the initial weights
  std::optional<double> change_r;  ///< of the logarithms of end / start
};

/// A statistic compared between successful runs (group high) and suboptimal ones (low and mid).
/// Descriptive: only claims have verdicts.
struct WeightFinding {
  WeightFigure finding = WeightFigure::sigma;
  LayerRole layer = LayerRole::all;
  WeightScope scope = WeightScope::population;  ///< equal_architecture: pooled; else described only
  WeightStatistic statistic = WeightStatistic::cliff_delta;
  /// The same comparison for the initial weights; absent if values are changes.
  std::optional<double> start_value;
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> p;
  std::optional<double> least_p;   ///< smallest p that the number of architectures allows
  std::int64_t architectures = 0;  ///< pooled; 0 for scope population
  std::int64_t successful = 0;     ///< runs compared
  std::int64_t suboptimal = 0;
};

struct FamilyWeights {
  std::shared_ptr<const WeightFamily> of;
  std::vector<GroupDensity> densities;
  std::vector<GroupDistance> distances;
  std::vector<NodeCorrelation> correlations;
  std::vector<WeightFinding> findings;
};

struct Weights {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded
  std::vector<FamilyWeights> families;
};

/// `families`: weight families of this population, which must outlive the result.
[[nodiscard]] Weights weights_of(const Population& population, const WeightFamilies& families,
                                 const study::AnalysisSettings& settings);

[[nodiscard]] std::vector<GroupDensity> group_densities(const WeightFamily& family);
[[nodiscard]] std::vector<GroupDistance> group_distances(const WeightFamily& family);
[[nodiscard]] std::vector<NodeCorrelation> node_correlations(
    const WeightFamily& family, const study::AnalysisSettings& settings);
[[nodiscard]] std::vector<WeightFinding> weight_findings(const WeightFamily& family,
                                                         const study::AnalysisSettings& settings);

/// The records to store: the analysis `weights`, with the tables that docs/store.md describes.
/// Empty tables are left out. Empty for a population without summaries.
[[nodiscard]] std::vector<record::AnalysisRecord> records_of(const Weights& weights,
                                                             const std::string& program_version);

}  // namespace minima::analysis
