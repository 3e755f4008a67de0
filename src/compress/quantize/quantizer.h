// From a weight tensor to codes, scales and the values that they stand for.
//
//   integers, symmetric   codes -(2^(n-1) - 1)..2^(n-1) - 1, zero point 0,
//                         scale = max(-low, high) / (2^(n-1) - 1)
//   integers, affine      codes 0..2^n - 1, scale = (high - low) / (2^n - 1),
//                         zero point = clamp(round(-low / scale)): zero is a value
//   fp8                   the value nearest to x / scale; scale = max(-low, high) / largest value
//   of
//                         the format, or 1 (`scaled_fp8` off)
//   fp16, bf16            the nearest value, no scale, no clipping
//   ternary               Ternary Weight Networks (Li, Zhang, Liu 2016, arXiv 1605.04711): 0 where
//                         |x| <= 0.7 mean|x|, else the sign; scale = mean|x| of those with a sign
//   binary                XNOR-Net (Rastegari et al. 2016, arXiv 1603.05279): the sign, that of
//   zero
//                         being +1; scale = mean|x|
//
// [low, high] is the range of clipping.h over a tensor or an output channel; means likewise. Pruned
// weights (mask 0) count in none of these and are exactly zero afterwards: their code is that of
// zero, and in `binary`, which has none, code 0, which only a mask can store.
//
// NaN and infinities take no part in ranges and means. An infinity is clamped where there is a
// range, and stays one in fp16 and bf16. NaN becomes zero in integer and ternary formats, +1 in
// binary, and stays NaN in floating-point ones. Without a value other than zero, a scale is 1
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

/// A tensor [channels][values.size() / channels], such as a weight whose first dimension are
/// outputs.
struct TensorView {
  std::span<const float> values;
  std::size_t channels = 1;
  std::span<const std::uint8_t> mask;  ///< 0: pruned; empty: nothing is

  [[nodiscard]] std::size_t per_channel() const {
    return channels == 0 ? 0 : values.size() / channels;
  }
};

struct QuantizedTensor {
  NumberFormat format = NumberFormat::int8;
  std::size_t channels = 1;
  bool affine = false;                    ///< integers with zero points
  std::vector<float> scales;              ///< [1] or [channels]
  std::vector<std::int32_t> zero_points;  ///< likewise; 0 where there are none
  /// Integers, -1, 0 and 1, or the bits of a floating-point format; as many as values.
  std::vector<std::int32_t> codes;
  std::vector<float> values;   ///< what the codes stand for
  std::size_t not_finite = 0;  ///< values given that were NaN or infinite

  [[nodiscard]] float scale_of(std::size_t channel) const {
    return scales[scales.size() == 1 ? 0 : channel];
  }
  [[nodiscard]] std::int32_t zero_point_of(std::size_t channel) const {
    return zero_points[zero_points.size() == 1 ? 0 : channel];
  }
};

/// Throws std::invalid_argument for channels that do not divide the values, and a mask of another
/// size.
[[nodiscard]] QuantizedTensor quantize(const TensorView& tensor, const QuantizerSettings& settings);

/// The values of quantize() alone, into `values`, which may be the tensor's own: for training with
/// quantized weights.
void fake_quantize(const TensorView& tensor, const QuantizerSettings& settings,
                   std::span<float> values);

/// Codes of an integer format: symmetric -(2^(n-1) - 1)..2^(n-1) - 1, affine 0..2^n - 1.
[[nodiscard]] AffineGrid grid_of(const Range& range, int bits, Scheme scheme);

}  // namespace minima::compress
