// How well labels of points agree with where the points lie.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/random.h"

namespace minima::measure {

/// Mean silhouette (Rousseeuw 1987), -1..1, as sklearn.metrics.silhouette_score: a point alone with
/// its label counts 0. `distances`: [n][n]. Nothing for fewer than two labels, or as many as
/// points.
[[nodiscard]] std::optional<double> silhouette(std::span<const float> distances,
                                               std::span<const int> labels);

/// The points that are nearest to each: one, or several that are equally near.
using Neighbours = std::vector<std::vector<std::size_t>>;
[[nodiscard]] Neighbours nearest_neighbours(std::span<const float> distances, std::size_t points);

/// Share of the points whose nearest neighbour has their label; of several equally near ones each
/// counts its part.
[[nodiscard]] double label_agreement(const Neighbours& neighbours, std::span<const int> labels);

struct Agreement {
  double observed = 0.0;
  double expected = 0.0;  ///< mean over the permutations
  /// Shares of the permutations, the labels as they are among them, that agree at least, and at
  /// most, as well (Phipson and Smyth 2010).
  double p_above = 1.0;
  double p_below = 1.0;
};

/// `strata`: labels change places only between points of equal number. Nothing where no such change
/// changes anything, or below two points.
[[nodiscard]] std::optional<Agreement> agreement_of(const Neighbours& neighbours,
                                                    std::span<const int> labels,
                                                    std::span<const int> strata, int permutations,
                                                    RandomStream random);

}  // namespace minima::measure
