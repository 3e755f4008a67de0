// Principal components: the plane in which points spread most.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "measure/distances.h"

namespace minima::measure {

struct Plane {
  /// Scores of each point on the first and second component, in the unit of the points. Of either
  /// sign a component would be as good: the largest magnitude of its scores is positive.
  std::vector<std::array<double, 2>> scores;
  /// Of the variance; 0 of points that do not differ.
  std::array<double, 2> explained = {0.0, 0.0};
};

/// Of the points less their mean (Pearson 1901): eigenvectors of the covariance matrix, or of the
/// matrix of the points' products where there are fewer points than dimensions, by orthogonal
/// iteration of a block of vectors from keyed random ones.
[[nodiscard]] Plane principal_components(const Points& points);

/// The same of points that only their squared distances [n][n] are known of (Gower 1966).
[[nodiscard]] Plane principal_coordinates(std::span<const float> squared_distances,
                                          std::size_t points);

}  // namespace minima::measure
