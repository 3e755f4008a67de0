// Networks as points in the plane by what their weights are like, and whether those of one accuracy
// group lie together.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/contrast.h"
#include "analysis/weight_runs.h"

namespace minima::analysis {

/// How well accuracy groups (high, mid, low, non) are separated among the points of one space.
struct Separation {
  std::string space;                 ///< quantiles, pca, tsne
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

/// Of one role's weights, or of all roles that every run has ("all"): each run is its quantile
/// functions, one after another. Their Euclidean distance is 8 times the root of the mean squared
/// distance of equal quantiles: the second Wasserstein distance.
struct LayerProjection {
  std::string role;
  std::vector<ProjectedRun> runs;
  std::array<double, 2> explained = {0.0, 0.0};  ///< of the variance, by principal components
  double perplexity = 0.0;
  double divergence = 0.0;  ///< of t-SNE, nats
  double trustworthiness = 0.0;
  std::vector<Separation> separations;
};

struct FamilyProjection {
  WeightFamily runs;
  std::vector<LayerProjection> layers;
};

struct Projection {
  study::AnalysisSettings settings;
  std::int64_t runs = 0;  ///< recorded
  std::vector<FamilyProjection> families;
};

/// `population` must outlive the result. Nothing is projected where AnalysisSettings says 0 points;
/// one or two runs are, but say nothing.
[[nodiscard]] Projection projection_of(const Population& population, WeightSummaries summaries,
                                       const study::AnalysisSettings& settings);

/// As a store keeps it: the analysis `projection`, likewise.
[[nodiscard]] std::vector<store::AnalysisRecord> records_of(const Projection& projection,
                                                            const std::string& program_version);

}  // namespace minima::analysis
