// Quantizes a weight tensor into codes, scales and the values that the codes represent.
//
//   integers, symmetric   codes -(2^(n-1) - 1)..2^(n-1) - 1, zero point 0,
//                         scale = max(-low, high) / (2^(n-1) - 1)
//   integers, affine      codes 0..2^n - 1, scale = (high - low) / (2^n - 1),
//                         zero point = clamp(round(-low / scale)): zero is represented exactly
//   fp8, fp4              the value nearest to x / scale; scale = max(-low, high) / the largest
//                         value of the format, or 1 (`scaled_fp8` off)
//   fp16, bf16            the nearest value; no scale, no clipping
//   ternary               Ternary Weight Networks (Li, Zhang, Liu 2016, arXiv 1605.04711): 0 if
//                         |x| <= 0.7 mean|x|, else the sign; scale = mean|x| of the nonzero ones
//   binary                XNOR-Net (Rastegari et al. 2016, arXiv 1603.05279): the sign, with
//                         sign(0) = +1; scale = mean|x|
//
// [low, high] is the range of clipping.h, and mean|x| the mean, over a tensor or an output channel.
// Pruned weights (mask 0) are excluded from ranges and means, and are exactly zero afterwards: they
// have the code of zero. In `binary`, which has no zero, they have code 0, which only a mask can
// store.
//
// NaN and infinities are excluded from ranges and means. An infinity is clamped if there is a
// range; in fp16 and bf16 it stays an infinity. NaN becomes zero in integer and ternary formats, +1
// in binary, and stays NaN in floating-point formats. If all values are zero, the scale is 1
// (binary: 0, so that zeros stay zero).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compress/quantize/affine_grid.h"
#include "compress/quantize/clipping.h"
#include "compress/quantize/settings.h"

namespace minima::compress {

/// A tensor [channels][values.size() / channels], such as a weight whose first dimension is the
/// outputs.
struct TensorView {
  std::span<const float> values;
  std::size_t channels = 1;
  std::span<const std::uint8_t> mask;  ///< 0: pruned; empty: nothing is pruned

  [[nodiscard]] std::size_t per_channel() const {
    return channels == 0 ? 0 : values.size() / channels;
  }
};

struct QuantizedTensor {
  NumberFormat format = NumberFormat::int8;
  std::size_t channels = 1;
  bool affine = false;                    ///< integers with zero points
  std::vector<float> scales;              ///< [1] or [channels]
  std::vector<std::int32_t> zero_points;  ///< [1] or [channels]; 0 for symmetric formats
  /// Integers; -1, 0 and 1; or the bits of a floating-point format. One code per value.
  std::vector<std::int32_t> codes;
  std::vector<float> values;   ///< what the codes represent
  std::size_t not_finite = 0;  ///< number of inputs that were NaN or infinite

  [[nodiscard]] float scale_of(std::size_t channel) const {
    return scales[scales.size() == 1 ? 0 : channel];
  }
  [[nodiscard]] std::int32_t zero_point_of(std::size_t channel) const {
    return zero_points[zero_points.size() == 1 ? 0 : channel];
  }
};

/// Throws std::invalid_argument if `channels` does not divide the number of values, or if the mask
/// has another size.
[[nodiscard]] QuantizedTensor quantize(const TensorView& tensor, const QuantizerSettings& settings);

/// Computes only the values of quantize(), for training with quantized weights. `values` may be the
/// tensor's own memory.
void fake_quantize(const TensorView& tensor, const QuantizerSettings& settings,
                   std::span<float> values);

/// The grid of an integer format: codes -(2^(n-1) - 1)..2^(n-1) - 1 if symmetric, 0..2^n - 1 if
/// affine.
[[nodiscard]] AffineGrid grid_of(const Range& range, int bits, Scheme scheme);

}  // namespace minima::compress
