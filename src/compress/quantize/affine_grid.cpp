#include "compress/quantize/affine_grid.h"

namespace minima::compress {
namespace {

/// The rounding and clamping constants of a grid, small enough to stay in registers in a loop.
struct Rounder {
  float inverse, low, high;  // `low`, `high`: bounds of code - zero_point

  explicit Rounder(const AffineGrid& grid)
      : inverse(1.0F / grid.scale),
        low(static_cast<float>(grid.low - grid.zero_point)),
        high(static_cast<float>(grid.high - grid.zero_point)) {}

  /// Returns code - zero_point. Clamps before rounding, which gives the same result because the
  /// bounds are integers. Then adding 1.5 x 2^23 rounds to the nearest integer, ties to even.
  [[nodiscard]] float operator()(float x) const {
    constexpr float kRoundsToIntegers = 12582912.0F;
    float scaled = x * inverse;
    scaled = scaled == scaled ? scaled : 0.0F;
    scaled = scaled < low ? low : scaled;
    scaled = scaled > high ? high : scaled;
    return (scaled + kRoundsToIntegers) - kRoundsToIntegers;
  }
};

}  // namespace

std::int32_t AffineGrid::code(float x) const {
  return static_cast<std::int32_t>(Rounder(*this)(x)) + zero_point;
}

void fake_quantize(const AffineGrid& grid, std::span<const float> x, std::span<float> values) {
  const Rounder round(grid);
  const float scale = grid.scale;
  for (std::size_t i = 0; i < x.size(); ++i) values[i] = round(x[i]) * scale;
}

}  // namespace minima::compress
