// Principal components: the plane of largest variance.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "measure/distances.h"

namespace minima::measure {

struct Plane {
  /// Scores of each point on the first and second component, in the unit of the points. The sign of
  /// a component is arbitrary; it is chosen so that the score of largest magnitude is positive.
  std::vector<std::array<double, 2>> scores;
  /// Explained fraction of the variance; 0 if all points are equal.
  std::array<double, 2> explained = {0.0, 0.0};
};

/// Components of the centred points (Pearson 1901). Computes eigenvectors of the covariance matrix,
/// or of the Gram matrix if there are fewer points than dimensions. Uses block orthogonal
/// iteration, started from keyed random vectors.
[[nodiscard]] Plane principal_components(const Points& points);

/// The same for points of which only squared distances [n][n] are known (Gower 1966).
[[nodiscard]] Plane principal_coordinates(std::span<const float> squared_distances,
                                          std::size_t points);

}  // namespace minima::measure
