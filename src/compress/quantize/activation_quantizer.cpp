#include "compress/quantize/activation_quantizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "compress/quantize/quantizer.h"

namespace minima::compress {

int largest_activation_code(NumberFormat format) {
  const FormatInfo& about = info(format);
  if (about.kind != FormatKind::integer) return 0;
  return about.bits > 8 ? 32767 : (1 << about.bits) - 1;
}

AffineGrid activation_grid(NumberFormat format, const Range& range) {
  const int high = largest_activation_code(format);
  if (high == 0) throw std::invalid_argument("activations cannot have this format");
  if (range.low >= 0.0F) {
    AffineGrid grid{.low = 0, .high = high};
    if (range.high > 0.0F) {
      grid.scale =
          std::max(range.high / static_cast<float>(high), std::numeric_limits<float>::min());
    }
    return grid;
  }
  const int bits = info(format).bits;
  return grid_of(range, bits, bits == 16 ? Scheme::symmetric : Scheme::affine);
}

ActivationQuantizer::ActivationQuantizer(NumberFormat format, const Range& range) {
  const FormatInfo& about = info(format);
  if (about.kind != FormatKind::floating) {
    method_ = activation_grid(format, range);
    return;
  }
  ScaledFloat scaled{.layout = float_layout(format),
                     .limit = std::numeric_limits<float>::infinity()};
  if (about.is_scaled_float() && range.largest() > 0.0F) {
    scaled.limit = scaled.layout.max_finite();
    scaled.scale = std::max(range.largest() / scaled.limit, std::numeric_limits<float>::min());
  }
  method_ = scaled;
}

void ActivationQuantizer::apply(std::span<float> values) const {
  if (const auto* grid = std::get_if<AffineGrid>(&method_)) {
    return fake_quantize(*grid, values, values);
  }
  const auto& by = std::get<ScaledFloat>(method_);
  const FloatRounder round(by.layout);
  const float inverse = 1.0F / by.scale;
  const float limit = by.limit;
  const float scale = by.scale;
  for (float& value : values) {
    float scaled = value * inverse;
    scaled = scaled < -limit ? -limit : scaled;
    scaled = scaled > limit ? limit : scaled;
    value = round(scaled) * scale;
  }
}

bool ActivationQuantizer::passes(float value) const {
  if (const auto* grid = std::get_if<AffineGrid>(&method_)) {
    // As in PyTorch: compares the code before clamping.
    const float steps = std::nearbyint(value * (1.0F / grid->scale));
    return steps >= static_cast<float>(grid->low - grid->zero_point) &&
           steps <= static_cast<float>(grid->high - grid->zero_point);
  }
  const auto& by = std::get<ScaledFloat>(method_);
  return std::fabs(value * (1.0F / by.scale)) <= by.limit;
}

}  // namespace minima::compress
