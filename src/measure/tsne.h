// t-SNE: points of many dimensions laid out in the plane so that near ones stay near.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace minima::measure {

struct TsneSettings {
  double perplexity = 30.0;  ///< how many neighbours a point has in effect; at most points - 1
  int steps = 1000;          ///< the first 250 of them exaggerated
  std::size_t jobs = 1;      ///< threads; any number gives the same bits
};

struct Layout {
  std::vector<std::array<float, 2>> places;
  /// Of the similarities of the points from those of the places, in nats: what t-SNE makes small.
  double divergence = 0.0;
};

/// Exact t-SNE (van der Maaten and Hinton 2008) of points with these squared distances [n][n], from
/// the `start` [n], which is moved and scaled so that its first coordinate has the standard
/// deviation 1e-4. Early exaggeration 12, learning rate max(n / 48, 50) (Belkina et al. 2019),
/// momentum 0.5, later 0.8, with gains (Jacobs 1988): those of scikit-learn. Fewer than three
/// points stay where they are. Time: points^2 x steps / jobs; memory: 8 bytes x points^2.
[[nodiscard]] Layout tsne(const std::vector<float>& squared_distances,
                          const std::vector<std::array<double, 2>>& start,
                          const TsneSettings& settings = {});

/// min(perplexity, (points - 1) / 3): neighbours that a point can have.
[[nodiscard]] double perplexity_for(std::size_t points, double perplexity);

/// How much of the neighbourhoods in the plane is true (Venna and Kaski 2001), 0..1, as
/// sklearn.manifold.trustworthiness; `neighbours` is less than half of the points. NaN below three
/// points.
[[nodiscard]] double trustworthiness(const std::vector<float>& squared_distances,
                                     const std::vector<std::array<float, 2>>& places,
                                     std::size_t neighbours = 5);

}  // namespace minima::measure
