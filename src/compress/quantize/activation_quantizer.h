// Activation quantization simulated in floating point, for formats and families without an integer
// network.
//
//   integers, low = 0   codes 0..largest_activation_code, as in an integer network
//   integers, low < 0   codes 0..2^n - 1 with a zero point; int16: -32767..32767, zero point 0
//   fp8, fp4            scaled so that the larger end of the range is the format's largest value
//   fp16, bf16          rounded; the range is ignored
#pragma once

#include <span>
#include <variant>

#include "compress/quantize/affine_grid.h"
#include "compress/quantize/clipping.h"
#include "compress/quantize/settings.h"
#include "compress/quantize/small_float.h"

namespace minima::compress {

/// The largest code of an activation; codes start at 0. It is 2^n - 1 for n <= 8 bits and 2^15 - 1
/// for int16, so that each code fits a signed 16-bit integer. 0 if activations cannot have this
/// format.
[[nodiscard]] int largest_activation_code(NumberFormat format);

class ActivationQuantizer {
 public:
  /// Throws std::invalid_argument for ternary and binary, which are not supported for activations.
  ActivationQuantizer(NumberFormat format, const Range& range);

  /// Rounds in place. In formats with a range, infinities are clamped to it.
  void apply(std::span<float> values) const;
  /// Whether the gradient passes, that is, the value is not clamped (straight-through estimator;
  /// Bengio, Leonard, Courville 2013, arXiv 1308.3432).
  [[nodiscard]] bool passes(float value) const;

 private:
  struct ScaledFloat {
    FloatLayout layout;
    float scale = 1.0F;
    float limit = 0.0F;  // largest |x / scale|
  };
  std::variant<AffineGrid, ScaledFloat> method_;
};

/// The integer grid that covers a range.
[[nodiscard]] AffineGrid activation_grid(NumberFormat format, const Range& range);

}  // namespace minima::compress
