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
/// are squared, so that equal points are exactly 0 apart. Any number of threads, `jobs`, gives the
/// same bits.
[[nodiscard]] std::vector<float> squared_distances(const Points& points, std::size_t jobs = 1);

/// Adds the squared distance of point i of `a` from point j of `b` to sums[i * stride + j], on
/// at most `jobs` threads; both have the same dimensions. Where both are the same points, only for
/// j up to i, and some after it.
void add_squared_distances(const Points& a, const Points& b, float* sums, std::size_t stride,
                           std::size_t jobs = 1);

/// Puts what is below the diagonal of a matrix [points][points] above it too.
void mirror(std::vector<float>& squares, std::size_t points);

}  // namespace minima::measure
