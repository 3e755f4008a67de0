// Measures how well labels of points agree with their positions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/numbers/random.h"

namespace minima::measure {

/// Mean silhouette (Rousseeuw 1987), -1..1, as in sklearn.metrics.silhouette_score. A point that is
/// alone with its label counts as 0. `distances`: [n][n]. Nothing if there are fewer than two
/// labels, or as many labels as points.
[[nodiscard]] std::optional<double> silhouette(std::span<const float> distances,
                                               std::span<const int> labels);

/// The nearest neighbours of each point: one, or several at equal distance.
using Neighbours = std::vector<std::vector<std::size_t>>;
[[nodiscard]] Neighbours nearest_neighbours(std::span<const float> distances, std::size_t points);

/// Fraction of the points whose nearest neighbour has the same label. Neighbours at equal distance
/// count in equal parts.
[[nodiscard]] double label_agreement(const Neighbours& neighbours, std::span<const int> labels);

struct Agreement {
  double observed = 0.0;
  double expected = 0.0;  ///< mean over the permutations
  /// Fractions of the permutations, with the observed labels as one of them, whose agreement is at
  /// least as large, and at most as large (Phipson and Smyth 2010).
  double p_above = 1.0;
  double p_below = 1.0;
};

/// `strata`: labels are permuted only between points of the same stratum. Nothing if no such
/// permutation changes the labels, or if there are fewer than two points.
[[nodiscard]] std::optional<Agreement> agreement_of(const Neighbours& neighbours,
                                                    std::span<const int> labels,
                                                    std::span<const int> strata, int permutations,
                                                    RandomStream random);

}  // namespace minima::measure
