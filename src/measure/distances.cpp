#include "measure/distances.h"

#include <algorithm>
#include <array>

#include "core/workers.h"

namespace minima::measure {
namespace {

// Chosen so that the chunks of two tiles stay in a core's cache while all pairs are computed, and
// so that sums of floats stay short.
constexpr std::size_t kTile = 16;
constexpr std::size_t kChunk = 4096;

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

// Adds the distances between a tile of points of `a` and a tile of points of `b`.
void add_tile(const Points& a, std::size_t a_begin, const Points& b, std::size_t b_begin,
              float* sums, std::size_t stride) {
  const std::size_t a_end = std::min(a.count, a_begin + kTile);
  const std::size_t b_end = std::min(b.count, b_begin + kTile);
  std::array<double, kTile * kTile> tile{};
  for (std::size_t begin = 0; begin < a.dimensions; begin += kChunk) {
    const std::size_t count = std::min(kChunk, a.dimensions - begin);
    for (std::size_t i = a_begin; i < a_end; ++i) {
      for (std::size_t j = b_begin; j < b_end; ++j) {
        tile[(i - a_begin) * kTile + j - b_begin] +=
            squared_distance(a.row(i).data() + begin, b.row(j).data() + begin, count);
      }
    }
  }
  for (std::size_t i = a_begin; i < a_end; ++i) {
    for (std::size_t j = b_begin; j < b_end; ++j) {
      sums[i * stride + j] += static_cast<float>(tile[(i - a_begin) * kTile + j - b_begin]);
    }
  }
}

}  // namespace

void add_squared_distances(const Points& a, const Points& b, float* sums, std::size_t stride,
                           std::size_t jobs) {
  for_each_in_parallel(jobs, (a.count + kTile - 1) / kTile, [&](std::size_t tile) {
    const std::size_t end = &a == &b ? std::min(b.count, (tile + 1) * kTile) : b.count;
    for (std::size_t j = 0; j < end; j += kTile) add_tile(a, tile * kTile, b, j, sums, stride);
  });
}

std::vector<float> squared_distances(const Points& points, std::size_t jobs) {
  std::vector<float> squares(points.count * points.count, 0.0F);
  add_squared_distances(points, points, squares.data(), points.count, jobs);
  mirror(squares, points.count);
  return squares;
}

void mirror(std::vector<float>& squares, std::size_t points) {
  for (std::size_t i = 0; i < points; ++i) {
    for (std::size_t j = 0; j < i; ++j) squares[j * points + i] = squares[i * points + j];
  }
}

}  // namespace minima::measure
