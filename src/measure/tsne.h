// t-SNE: embeds points of many dimensions in the plane so that neighbours stay neighbours.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace minima::measure {

struct TsneSettings {
  double perplexity = 30.0;  ///< effective number of neighbours; at most points - 1
  int steps = 1000;          ///< the first 250 with early exaggeration
  std::size_t jobs = 1;      ///< threads; the result has the same bits for any number
};

struct Layout {
  std::vector<std::array<float, 2>> places;
  /// Kullback-Leibler divergence of the similarities of the points from those of the places, in
  /// nats: the objective that t-SNE minimises.
  double divergence = 0.0;
};

/// Exact t-SNE (van der Maaten and Hinton 2008) of points with these squared distances [n][n].
/// Starts from `start` [n], centred and scaled so that its first coordinate has standard deviation
/// 1e-4. Uses the settings of scikit-learn: early exaggeration 12, learning rate max(n / 48, 50)
/// (Belkina et al. 2019), momentum 0.5, later 0.8, with gains (Jacobs 1988). Fewer than three
/// points are returned unchanged. Time: points^2 x steps / jobs; memory: 8 bytes x points^2.
[[nodiscard]] Layout tsne(const std::vector<float>& squared_distances,
                          const std::vector<std::array<double, 2>>& start,
                          const TsneSettings& settings = {});

/// min(perplexity, (points - 1) / 3), at least 1: a perplexity that suits the number of points.
[[nodiscard]] double perplexity_for(std::size_t points, double perplexity);

/// Trustworthiness of the neighbourhoods in the plane (Venna and Kaski 2001), 0..1, as in
/// sklearn.manifold.trustworthiness. `neighbours` is limited to less than half of the points. NaN
/// for fewer than three points.
[[nodiscard]] double trustworthiness(const std::vector<float>& squared_distances,
                                     const std::vector<std::array<float, 2>>& places,
                                     std::size_t neighbours = 5);

}  // namespace minima::measure
