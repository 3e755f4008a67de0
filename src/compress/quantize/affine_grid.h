// Uniform quantization grid: an integer q from `low` to `high` represents the real number
//
//   value(q) = (q - zero_point) scale
//
// The code of a real number x (Jacob et al. 2018, arXiv 1712.05877, equation 1) is
//
//   code(x) = clamp(round(x (1 / scale)) + zero_point, low, high)
//
// in single precision, ties to even. value(code(x)) equals PyTorch's
// fake_quantize_per_tensor_affine bit for bit, with one exception. Infinities and numbers beyond
// 2^63, which PyTorch converts to an integer, are clamped here to the end on their side. NaN has
// the code of zero.
#pragma once

#include <cstdint>
#include <span>

namespace minima::compress {

struct AffineGrid {
  float scale = 1.0F;  ///< above 0
  std::int32_t zero_point = 0;
  std::int32_t low = -127;
  std::int32_t high = 127;

  [[nodiscard]] std::int32_t code(float x) const;
  [[nodiscard]] float value(std::int32_t code) const {
    return static_cast<float>(code - zero_point) * scale;
  }
};

/// values[i] = value(code(x[i])). `x` and `values` may be the same memory.
void fake_quantize(const AffineGrid& grid, std::span<const float> x, std::span<float> values);

}  // namespace minima::compress
