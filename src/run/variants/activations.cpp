#include "run/variants/activations.h"

#include <algorithm>
#include <array>

#include "compress/integer/integer_network.h"
#include "compress/quantize/activation_quantizer.h"

namespace minima::run {
namespace {

using compress::ActivationQuantizer;

// For floating-point formats, the range of least squared error is computed with 8-bit uniform
// steps.
constexpr int kStepsOfFloats = 255;
constexpr float kDecay = 0.99F;

// Sets the gradient of clamped values to zero.
void stop_gradient(const ActivationQuantizer& quantizer, const float* original, float* gradient,
                   std::size_t features, std::size_t stride, std::size_t images) {
  for (std::size_t f = 0; f < features; ++f) {
    for (std::size_t b = 0; b < images; ++b) {
      const std::size_t at = f * stride + b;
      if (!quantizer.passes(original[at])) gradient[at] = 0.0F;
    }
  }
}

// Minimum and maximum of a row without NaN; independent lanes allow vectorization.
compress::Range row_range(const float* row, std::size_t count) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> low{};
  std::array<float, kLanes> high{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float value = row[i + lane];
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
    }
  }
  compress::Range range = compress::full_range({row + i, count - i});
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    range.low = std::min(range.low, low[lane]);
    range.high = std::max(range.high, high[lane]);
  }
  return range;
}

void widen(compress::Range& range, const float* values, std::size_t features, std::size_t stride,
           std::size_t images) {
  for (std::size_t f = 0; f < features; ++f) {
    const compress::Range row = row_range(values + f * stride, images);
    range = {std::min(range.low, row.low), std::max(range.high, row.high)};
  }
}

}  // namespace

void ActivationRecorder::apply(std::size_t layer, int site, float* values, std::size_t features,
                               std::size_t stride, std::size_t images) const {
  if (clipping_.rule == compress::Clipping::Rule::max) {
    widen(ends_[{layer, site}], values, features, stride, images);
  } else {
    histograms_[{layer, site}].add(values, features, stride, images);
  }
}

ActivationRanges ActivationRecorder::ranges(compress::NumberFormat format) const {
  const int codes = compress::largest_activation_code(format);
  ActivationRanges ranges = ends_;
  for (const auto& [place, histogram] : histograms_) {
    ranges.emplace(place, histogram.range(clipping_, codes > 0 ? codes : kStepsOfFloats));
  }
  return ranges;
}

ActivationRounding::ActivationRounding(compress::NumberFormat format,
                                       const ActivationRanges& ranges) {
  for (const auto& [place, range] : ranges)
    quantizers_.emplace(place, ActivationQuantizer(format, range));
}

void ActivationRounding::apply(std::size_t layer, int site, float* values, std::size_t features,
                               std::size_t stride, std::size_t /*images*/) const {
  quantizers_.at({layer, site}).apply({values, features * stride});
}

void ActivationRounding::backward(std::size_t layer, int site, const float* original,
                                  float* gradient, std::size_t features, std::size_t stride,
                                  std::size_t images) const {
  stop_gradient(quantizers_.at({layer, site}), original, gradient, features, stride, images);
}

void ActivationAveraging::apply(std::size_t layer, int site, float* values, std::size_t features,
                                std::size_t stride, std::size_t images) const {
  Place& place = places_[{layer, site}];
  compress::Range batch;
  widen(batch, values, features, stride, images);
  if (place.quantizer) {
    place.range = {kDecay * place.range.low + (1.0F - kDecay) * batch.low,
                   kDecay * place.range.high + (1.0F - kDecay) * batch.high};
  } else {
    place.range = batch;
  }
  place.quantizer.emplace(format_, place.range);
  place.quantizer->apply({values, features * stride});
}

void ActivationAveraging::backward(std::size_t layer, int site, const float* original,
                                   float* gradient, std::size_t features, std::size_t stride,
                                   std::size_t images) const {
  stop_gradient(*places_.at({layer, site}).quantizer, original, gradient, features, stride, images);
}

}  // namespace minima::run
