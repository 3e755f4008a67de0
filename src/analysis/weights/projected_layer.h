// Networks of which only the distances of their weights are known, laid out in the plane.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/weights/group_contrast.h"
#include "analysis/weights/weight_runs.h"
#include "measure/principal_components.h"

namespace minima::analysis {

/// How well accuracy groups (high, mid, low, non) are separated among the points of one space.
struct Separation {
  std::string space;                 ///< the features, pca, tsne
  std::string scope;                 ///< population, or equal_architecture
  std::int64_t points = 0;           ///< runs with one of these groups
  std::optional<double> silhouette;  ///< by accuracy group, -1..1
  double agreement = 0.0;            ///< fraction whose nearest neighbour has their group
  double expected = 0.0;             ///< the same of permuted labels: among all, or among equals
  /// The agreement of the weights as drawn; of quantile functions only.
  std::optional<double> start_agreement;
  /// That permuted labels agree at least as well; of equal architectures only: runs of different
  /// architectures are not exchangeable.
  std::optional<double> p;
};

struct ProjectedRun {
  const WeightRun* run = nullptr;
  std::array<double, 2> pca = {0.0, 0.0};
  std::array<float, 2> tsne = {0.0F, 0.0F};
};

/// Of one role's weights, or of all roles that every run has ("all").
struct LayerProjection {
  /// `quantiles`: each run is its quantile functions, one after another, each matrix in units of
  /// its initial standard deviation. Their Euclidean distance is 8 times the second Wasserstein
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
  std::optional<GroupContrast> contrast = std::nullopt;  ///< high against low and mid
};

/// Runs as points of one layer.
struct LayerPoints {
  std::vector<const WeightRun*> runs;
  std::vector<float> squares;        ///< squared distances [n][n]
  std::vector<float> start_squares;  ///< of the weights as drawn; empty if unknown
  measure::Plane plane;              ///< principal components
};

/// Fills `layer` with what follows from its points, on at most `jobs` threads.
void project(LayerProjection& layer, const LayerPoints& points,
             const study::AnalysisSettings& settings, std::size_t jobs);

}  // namespace minima::analysis
