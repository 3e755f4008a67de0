// Whether successful networks are alike irrespective of dataset and model: the main claim of arXiv
// 2408.11720.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/weights/architecture_contrast.h"
#include "analysis/weights/weight_runs.h"

namespace minima::analysis {

/// How far the runs of a family on a dataset are from successful networks elsewhere: the logarithm
/// of the mean Wasserstein distance of all their weights, each matrix in units of its initial sd.
/// Compared within architectures, so that neither architecture nor parameters make a difference.
struct Similarity {
  std::string dataset;
  std::string family;
  std::string scope;  ///< "other datasets" (same family), or "other families" (same dataset)
  std::int64_t references = 0;  ///< successful networks that distances lead to
  std::int64_t successful = 0;  ///< runs that are compared
  std::int64_t suboptimal = 0;
  double mean_distance = 0.0;  ///< of the successful runs, initial standard deviations
  /// log(distance of successful runs / distance of suboptimal ones). Negative: the claim holds.
  PooledEffect effect;
};

/// One row for each scope that has references, of each family with an architecture that has runs of
/// both groups. Each other dataset or family counts equally, whatever its number of runs.
[[nodiscard]] std::vector<Similarity> similarities(const WeightFamilies& families,
                                                   const study::AnalysisSettings& settings);

}  // namespace minima::analysis
