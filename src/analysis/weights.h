// What distinguishes the weights of networks that succeed: all that docs/weights.md defines but the
// projection, in one struct.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/contrast.h"
#include "analysis/weight_runs.h"

namespace minima::analysis {

/// Fewest successful, and fewest failed runs, of which a claim is tested.
inline constexpr std::int64_t kFewestContrasted = 5;
/// Fewest runs of a correlation that is tested.
inline constexpr std::int64_t kFewestCorrelated = 8;

/// The weights of a role of all runs of a group: their normalised histogram and kernel density at
/// evenly spaced places.
struct GroupDensity {
  std::string role;
  AccuracyGroup group = AccuracyGroup::other;
  std::int64_t runs = 0;
  std::int64_t weights = 0;
  double bandwidth = 0.0;
  std::vector<double> x;
  std::vector<double> histogram;  ///< density: share of the weights around x by its width
  std::vector<double> density;    ///< per unit of weight
};

/// How far the distributions of runs of two groups, or of one, are apart.
struct GroupDistance {
  std::string role;
  AccuracyGroup a = AccuracyGroup::other;
  AccuracyGroup b = AccuracyGroup::other;
  std::int64_t pairs = 0;  ///< of different runs
  /// Wasserstein distance of the quantile functions of the runs that they are held of.
  std::optional<double> mean;
  double merged = 0.0;  ///< of the groups' merged histograms
};

/// Node strengths of a layer and of the one after it, over runs.
struct NodeCorrelation {
  std::string tensor;
  std::string next;
  std::string scope;                   ///< population, or equal_architecture
  std::optional<AccuracyGroup> group;  ///< nothing: all runs
  Correlation correlation;
};

/// A claim of arXiv 2408.11720, and what this population says of it.
struct WeightFinding {
  std::string finding;    ///< low_sigma, similar_sigma, ...: docs/weights.md
  std::string layer;      ///< a role, two tensors, or empty: all
  std::string scope;      ///< population, or equal_architecture
  std::string statistic;  ///< cliff_delta, correlation, share, ...
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> p;
  std::int64_t successful = 0;
  std::int64_t failed = 0;
  Verdict verdict = Verdict::not_tested;
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

/// `families`: of this population, which must outlive the result.
[[nodiscard]] Weights weights_of(const Population& population, const WeightFamilies& families,
                                 const study::AnalysisSettings& settings);

[[nodiscard]] std::vector<GroupDensity> group_densities(const WeightFamily& family);
[[nodiscard]] std::vector<GroupDistance> group_distances(const WeightFamily& family);
[[nodiscard]] std::vector<NodeCorrelation> node_correlations(
    const WeightFamily& family, const study::AnalysisSettings& settings);
[[nodiscard]] std::vector<WeightFinding> weight_findings(
    const WeightFamily& family, const std::vector<NodeCorrelation>& correlations,
    const study::AnalysisSettings& settings);

/// As a store keeps it: the analysis `weights`, with the tables that docs/store.md describes; a
/// table without rows is left out. Nothing for a population without summaries.
[[nodiscard]] std::vector<store::AnalysisRecord> records_of(const Weights& weights,
                                                            const std::string& program_version);

}  // namespace minima::analysis
