// Projects networks to the plane from the pairwise distances of their weights.
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
  WeightSpace space = WeightSpace::quantiles;  ///< the features of the layer, pca or tsne
  WeightScope scope = WeightScope::population;
  std::int64_t points = 0;           ///< runs in one of these groups
  std::optional<double> silhouette;  ///< by accuracy group, -1..1
  double agreement = 0.0;  ///< fraction of points whose nearest neighbour is in their group
  double expected = 0.0;   ///< agreement for labels permuted within the scope
  /// Agreement of the initial weights; only for quantile functions.
  std::optional<double> start_agreement;
  /// Probability that permuted labels agree at least as well. Only for equal architectures, because
  /// runs of different architectures are not exchangeable.
  std::optional<double> p;
};

struct ProjectedRun {
  const WeightRun* run = nullptr;
  std::array<double, 2> pca = {0.0, 0.0};
  std::array<float, 2> tsne = {0.0F, 0.0F};
};

/// Projection of one role's weights, or of all roles that every run has.
struct LayerProjection {
  WeightSpace features = WeightSpace::quantiles;  ///< quantiles, weights or sorted_weights
  /// Only for weights and sorted_weights.
  std::optional<std::string> architecture = std::nullopt;
  LayerRole role = LayerRole::all;
  std::vector<ProjectedRun> runs = {};
  std::array<double, 2> explained = {0.0, 0.0};  ///< fraction of variance, by component
  double perplexity = 0.0;
  double divergence = 0.0;  ///< t-SNE objective, nats
  double trustworthiness = 0.0;
  std::vector<Separation> separations = {};
  std::optional<GroupContrast> contrast = std::nullopt;  ///< high against low and mid
};

/// Runs as points in the space of one layer.
struct LayerPoints {
  std::vector<const WeightRun*> runs;
  std::vector<float> squares;        ///< squared distances [n][n]
  std::vector<float> start_squares;  ///< of the initial weights; empty if unknown
  measure::Plane plane;              ///< principal components
};

/// Computes the projections, separations and contrast of `layer` from its points, on at most `jobs`
/// threads.
void project(LayerProjection& layer, const LayerPoints& points,
             const study::AnalysisSettings& settings, std::size_t jobs);

}  // namespace minima::analysis
