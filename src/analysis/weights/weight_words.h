// The words of the analyses of weights: one enumeration and one table of words each. Tables, JSON,
// figures and texts print them with to_string.
#pragma once

#include <cstdint>
#include <string>

namespace minima::analysis {

/// The role of a matrix in its network; `all`: all matrices of the network together. The order is
/// alphabetical, like that of the stored rows.
enum class LayerRole : std::uint8_t { all, attention, first, hidden, mlp, output };

/// The statistics that are compared between accuracy groups; defined in docs/weights.md.
enum class WeightFigure : std::uint8_t {
  sigma,
  sigma_spread,
  mean_spread,
  near_zero,
  node_strength,
  sigma_output_less_others,
  strength_correlation
};

/// How it is compared: docs/weights.md.
enum class WeightStatistic : std::uint8_t {
  cliff_delta,
  spread_difference,
  log_ratio,
  accuracy_correlation,
  correlation
};

/// Which runs are compared with each other.
enum class WeightScope : std::uint8_t { population, equal_architecture };

/// What makes a network a point.
enum class WeightSpace : std::uint8_t {
  /// Its quantile functions, concatenated, each matrix in units of its initial standard deviation.
  /// Their Euclidean distance is 8 times the second Wasserstein distance.
  quantiles,
  weights,         ///< the weights themselves, for runs of one architecture
  sorted_weights,  ///< the same with the hidden units in the order of their strength
  pca,             ///< the plane of the first two principal components
  tsne             ///< the plane of t-SNE
};

/// Where the successful networks are that a family is compared with.
enum class SimilarityScope : std::uint8_t {
  other_datasets,  ///< the same family
  other_families   ///< on the same dataset
};

[[nodiscard]] std::string to_string(LayerRole role);
[[nodiscard]] std::string to_string(WeightFigure figure);
[[nodiscard]] std::string to_string(WeightStatistic statistic);
[[nodiscard]] std::string to_string(WeightScope scope);
[[nodiscard]] std::string to_string(WeightSpace space);
[[nodiscard]] std::string to_string(SimilarityScope scope);

}  // namespace minima::analysis
