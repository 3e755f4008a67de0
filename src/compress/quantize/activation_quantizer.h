// Activations in a format and range, simulated with real numbers: for formats and families that
// have no integer network.
//
//   integers, low = 0   codes 0..largest_activation_code, as in an integer network
//   integers, low < 0   codes 0..2^n - 1 with a zero point; int16: -32767..32767, zero point 0
//   fp8                 scaled so that the larger end of the range is the format's largest value
//   fp16, bf16          rounded, whatever the range
#pragma once

#include <span>
#include <variant>

#include "compress/quantize/affine_grid.h"
#include "compress/quantize/clipping.h"
#include "compress/quantize/settings.h"
#include "compress/quantize/small_float.h"

namespace minima::compress {

/// Codes of activations reach from 0 to this: 2^n - 1 for n <= 8 bits, 2^15 - 1 for int16, so that
/// each fits a signed 16-bit integer. 0: activations cannot have this format here.
[[nodiscard]] int largest_activation_code(NumberFormat format);

class ActivationQuantizer {
 public:
  /// Throws std::invalid_argument for ternary and binary, which activations cannot have here.
  ActivationQuantizer(NumberFormat format, const Range& range);

  /// Rounds in place. An infinity is clamped to the range, where there is one.
  void apply(std::span<float> values) const;
  /// Whether a gradient passes: the value is not clamped (straight-through estimator; Bengio,
  /// Leonard, Courville 2013, arXiv 1308.3432).
  [[nodiscard]] bool passes(float value) const;

 private:
  struct ScaledFloat {
    FloatLayout layout;
    float scale = 1.0F;
    float limit = 0.0F;  // of |x / scale|
  };
  std::variant<AffineGrid, ScaledFloat> method_;
};

/// The grid of an integer format for a range.
[[nodiscard]] AffineGrid activation_grid(NumberFormat format, const Range& range);

}  // namespace minima::compress
