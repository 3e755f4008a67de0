// What distinguishes the weights of networks that succeed: all that docs/weights.md defines but the
// projection, in one struct.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/weights/architecture_contrast.h"
#include "analysis/weights/weight_runs.h"
#include "statistics/contrast.h"

namespace minima::analysis {

/// The weights of a role of all runs of a group: their normalised histogram and kernel density at
/// evenly spaced places.
struct GroupDensity {
  std::string role;
  AccuracyGroup group = AccuracyGroup::other;
  study::WeightStage stage = study::WeightStage::end;  ///< or start
  std::int64_t runs = 0;
  std::int64_t weights = 0;
  double bandwidth = 0.0;
  std::vector<double> x;
  std::vector<double> histogram;  ///< fraction of the weights around x, per unit of weight
  std::vector<double> density;    ///< per unit of weight
};

/// How far the distributions of runs of two groups, or of one, are apart.
struct GroupDistance {
  std::string role;
  AccuracyGroup a = AccuracyGroup::other;
  AccuracyGroup b = AccuracyGroup::other;
  std::int64_t pairs = 0;  ///< of different runs
  /// Mean Wasserstein distance of the quantile functions of the runs that they are held of.
  std::optional<double> mean;
  std::optional<double> start_mean;  ///< the same of the weights as drawn
  double merged = 0.0;               ///< of the groups' merged histograms
};

/// Node strengths of a layer and of the one after it, over runs: logarithms of their means.
struct NodeCorrelation {
  std::string tensor;
  std::string next;
  std::string scope;                   ///< population, or equal_architecture
  std::optional<AccuracyGroup> group;  ///< nothing: all runs
  Correlation end;
  std::optional<double> start_r;   ///< of the weights as drawn
  std::optional<double> change_r;  ///< of the logarithms of end / start
};

/// A figure of successful runs (group high) against suboptimal ones (low and mid). Descriptive:
/// verdicts are those of the claims.
struct WeightFinding {
  std::string finding;    ///< sigma, sigma_spread, near_zero, ...: docs/weights.md
  std::string layer;      ///< a role, or "all"
  std::string scope;      ///< population: described only; equal_architecture: pooled
  std::string statistic;  ///< cliff_delta, spread_difference, log_ratio, correlation, ...
  /// What the same comparison says of the weights as drawn; absent where values are changes.
  std::optional<double> start_value;
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> p;
  std::optional<double> least_p;   ///< that the number of architectures allows
  std::int64_t architectures = 0;  ///< pooled; 0 in the population
  std::int64_t successful = 0;     ///< runs that are compared
  std::int64_t suboptimal = 0;
};

/// Layer of a finding on all matrices of each run.
inline constexpr const char* kAllLayers = "all";

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

/// `families`: of this population, which must outlive the result.
[[nodiscard]] Weights weights_of(const Population& population, const WeightFamilies& families,
                                 const study::AnalysisSettings& settings);

[[nodiscard]] std::vector<GroupDensity> group_densities(const WeightFamily& family);
[[nodiscard]] std::vector<GroupDistance> group_distances(const WeightFamily& family);
[[nodiscard]] std::vector<NodeCorrelation> node_correlations(
    const WeightFamily& family, const study::AnalysisSettings& settings);
[[nodiscard]] std::vector<WeightFinding> weight_findings(const WeightFamily& family,
                                                         const study::AnalysisSettings& settings);

/// As a store keeps it: the analysis `weights`, with the tables that docs/store.md describes; a
/// table without rows is left out. Nothing for a population without summaries.
[[nodiscard]] std::vector<store::AnalysisRecord> records_of(const Weights& weights,
                                                            const std::string& program_version);

}  // namespace minima::analysis
