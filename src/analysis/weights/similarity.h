// Tests whether successful networks are alike irrespective of dataset and model: the main claim of
// arXiv 2408.11720.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/weights/architecture_contrast.h"
#include "analysis/weights/weight_runs.h"

namespace minima::analysis {

/// Distance of a family's runs on a dataset from successful networks elsewhere: the logarithm of
/// the mean Wasserstein distance of all weights, each matrix in units of its initial sd. Runs are
/// compared within architectures, which removes the effects of architecture and size.
struct Similarity {
  std::string dataset;
  network::Family family = network::Family::dnn;
  SimilarityScope scope = SimilarityScope::other_datasets;
  std::int64_t references = 0;  ///< successful networks elsewhere
  std::int64_t successful = 0;  ///< runs compared
  std::int64_t suboptimal = 0;
  double mean_distance = 0.0;  ///< of the successful runs, in initial standard deviations
  /// log(distance of successful runs / distance of suboptimal ones). Negative: the claim holds.
  PooledEffect effect;
};

/// One row for each scope with references, for each family with an architecture that has runs of
/// both groups. Every other dataset or family has equal weight, whatever its number of runs.
[[nodiscard]] std::vector<Similarity> similarities(const WeightFamilies& families,
                                                   const study::AnalysisSettings& settings);

}  // namespace minima::analysis
