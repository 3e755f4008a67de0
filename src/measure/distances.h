// Points in many dimensions and the distances between them.
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

/// Squared Euclidean distances as a symmetric matrix [points][points]. They are sums of squared
/// differences, so equal points are exactly 0 apart. The result has the same bits for any number of
/// threads `jobs`.
[[nodiscard]] std::vector<float> squared_distances(const Points& points, std::size_t jobs = 1);

/// Adds the squared distance between point i of `a` and point j of `b` to sums[i * stride + j], on
/// at most `jobs` threads. Both have the same dimensions. If `a` and `b` are the same object, only
/// entries with j <= i are required to be filled; some others are filled too.
void add_squared_distances(const Points& a, const Points& b, float* sums, std::size_t stride,
                           std::size_t jobs = 1);

/// Copies the entries below the diagonal of a matrix [points][points] to those above it.
void mirror(std::vector<float>& squares, std::size_t points);

}  // namespace minima::measure
