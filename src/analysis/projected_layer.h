// Networks of which only the distances of their weights are known, laid out in the plane.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/verdict.h"
#include "analysis/weight_runs.h"
#include "measure/principal_components.h"

namespace minima::analysis {

/// How well accuracy groups (high, mid, low, non) are separated among the points of one space.
struct Separation {
  std::string space;                 ///< the features, pca, tsne
  std::string scope;                 ///< population: labels are permuted among all runs;
                                     ///< equal_architecture: among those of each architecture
  std::int64_t points = 0;           ///< with one of these groups
  std::optional<double> silhouette;  ///< by accuracy group, -1..1
  double agreement = 0.0;            ///< share whose nearest neighbour has their group
  double expected = 0.0;             ///< of permuted labels
  double p = 1.0;                    ///< that permuted labels agree as well
  double p_below = 1.0;              ///< that they agree as little
  Verdict verdict = Verdict::not_tested;
};

struct ProjectedRun {
  const WeightRun* run = nullptr;
  std::array<double, 2> pca = {0.0, 0.0};
  std::array<float, 2> tsne = {0.0F, 0.0F};
};

/// Of one role's weights, or of all roles that every run has ("all").
struct LayerProjection {
  /// `quantiles`: each run is its quantile functions, one after another. Their Euclidean distance
  /// is 8 times the root of the mean squared distance of equal quantiles: the second Wasserstein
  /// distance. `weights`, `sorted weights`: those themselves, of runs of one architecture.
  std::string features = "quantiles";
  std::optional<std::string> architecture = std::nullopt;  ///< of weights themselves
  std::string role;
  std::vector<ProjectedRun> runs = {};
  std::array<double, 2> explained = {0.0, 0.0};  ///< of the variance, by principal components
  double perplexity = 0.0;
  double divergence = 0.0;  ///< of t-SNE, nats
  double trustworthiness = 0.0;
  std::vector<Separation> separations = {};
};

/// Fills what follows from the runs' squared distances [n][n] and their principal components.
void project(LayerProjection& layer, const std::vector<const WeightRun*>& runs,
             const std::vector<float>& squares, const measure::Plane& plane,
             const study::AnalysisSettings& settings);

}  // namespace minima::analysis
