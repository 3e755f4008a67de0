// Quantizer of values that have one scale: a whole tensor, or one of its output channels.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <variant>

#include "compress/quantize/affine_grid.h"
#include "compress/quantize/quantizer.h"
#include "compress/quantize/small_float.h"

namespace minima::compress {

/// Implements the formulas of quantizer.h.
class ChannelQuantizer {
 public:
  /// `kept`: the values from which the range or the mean is computed.
  ChannelQuantizer(const QuantizerSettings& settings, std::span<const float> kept);

  [[nodiscard]] float scale() const;
  [[nodiscard]] std::int32_t zero_point() const;
  [[nodiscard]] std::int32_t code(float x) const;
  [[nodiscard]] float value(std::int32_t code) const;
  /// values[i] = value(code(x[i])). `x` and `values` may be the same memory.
  void fake_quantize(std::span<const float> x, std::span<float> values) const;

 private:
  struct ScaledFloat {
    FloatLayout layout;
    float scale = 1.0F;
    float limit = std::numeric_limits<float>::infinity();  ///< |x / scale| is clamped to it

    [[nodiscard]] float scaled(float x) const {
      return std::clamp(x * (1.0F / scale), -limit, limit);  // NaN stays NaN
    }
  };
  struct Signs {
    float scale = 1.0F;
    float threshold = 0.0F;
    bool has_zero = false;  ///< magnitudes up to the threshold are zero
  };
  using Method = std::variant<AffineGrid, ScaledFloat, Signs>;

  static Method method_for(const QuantizerSettings& settings, const Range& range);
  static Method signs(std::span<const float> kept, bool has_zero);
  static void apply(const Method& method, std::span<const float> x, std::span<float> values);
  /// Sum over all values. Stops early once the sum exceeds `enough`; the result is then any number
  /// above `enough`.
  static double squared_error(const Method& method, std::span<const float> values, double enough);

  Method method_;
};

}  // namespace minima::compress
