// Points in many dimensions, and how far they are apart.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace minima::measure {

/// Points as rows of one array [points][dimensions].
struct Points {
  std::size_t count = 0;
  std::size_t dimensions = 0;
  std::vector<float> values;

  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    return std::span(values).subspan(i * dimensions, dimensions);
  }
};

/// Squared Euclidean distances as a symmetric matrix [points][points]; the differences themselves
/// are squared, so that equal points are exactly 0 apart.
[[nodiscard]] std::vector<float> squared_distances(const Points& points);

}  // namespace minima::measure
