#include "measure/distances.h"

namespace minima::measure {
namespace {

float squared_distance(const float* a, const float* b, std::size_t count) {
  constexpr std::size_t kLanes = 8;
  float sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float d = a[i + lane] - b[i + lane];
      sums[lane] += d * d;
    }
  }
  float sum = 0.0F;
  for (const float part : sums) sum += part;
  for (; i < count; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace

std::vector<float> squared_distances(const Points& points) {
  const std::size_t n = points.count;
  std::vector<float> squares(n * n, 0.0F);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const float square =
          squared_distance(points.row(i).data(), points.row(j).data(), points.dimensions);
      squares[i * n + j] = square;
      squares[j * n + i] = square;
    }
  }
  return squares;
}

}  // namespace minima::measure
