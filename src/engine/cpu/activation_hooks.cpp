#include "engine/cpu/activation_hooks.h"

#include <algorithm>
#include <array>

#include "core/overloaded.h"

namespace minima::engine {
namespace {

using compress::ActivationQuantizer;
using compress::Range;

// Sets the gradient of clamped values to zero.
void stop_gradient(const ActivationQuantizer& quantizer, const HookedActivations& which,
                   const float* original, float* gradient) {
  for (std::size_t f = 0; f < which.features; ++f) {
    for (std::size_t b = 0; b < which.images; ++b) {
      const std::size_t at = f * which.stride + b;
      if (!quantizer.passes(original[at])) gradient[at] = 0.0F;
    }
  }
}

// Minimum and maximum of a row without NaN; independent lanes allow vectorization.
Range row_range(const float* row, std::size_t count) {
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
  Range range = compress::full_range({row + i, count - i});
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    range.low = std::min(range.low, low[lane]);
    range.high = std::max(range.high, high[lane]);
  }
  return range;
}

void widen(Range& range, const HookedActivations& which, const float* values) {
  for (std::size_t f = 0; f < which.features; ++f) {
    const Range row = row_range(values + f * which.stride, which.images);
    range = {std::min(range.low, row.low), std::max(range.high, row.high)};
  }
}

}  // namespace

void RangeRecorder::apply(const HookedActivations& which, float* values) {
  if (transform_.clipping.rule == compress::Clipping::Rule::max) {
    widen(ends_[which.place], which, values);
  } else {
    histograms_[which.place].add(values, which.features, which.stride, which.images);
  }
}

ActivationRanges RangeRecorder::ranges() const {
  const int codes = compress::largest_activation_code(transform_.format);
  ActivationRanges ranges = ends_;
  for (const auto& [place, histogram] : histograms_) {
    ranges.emplace(place, histogram.range(transform_.clipping, codes > 0 ? codes : kStepsOfFloats));
  }
  return ranges;
}

FixedRounding::FixedRounding(const RoundActivations& transform) {
  for (const auto& [place, range] : transform.ranges) {
    quantizers_.emplace(place, ActivationQuantizer(transform.format, range));
  }
}

void FixedRounding::apply(const HookedActivations& which, float* values) {
  quantizers_.at(which.place).apply({values, which.features * which.stride});
}

void FixedRounding::backward(const HookedActivations& which, const float* original,
                             float* gradient) {
  stop_gradient(quantizers_.at(which.place), which, original, gradient);
}

void MovingRounding::apply(const HookedActivations& which, float* values) {
  Rounded& place = places_[which.place];
  if (follows_ || !place.quantizer) {
    Range batch;
    widen(batch, which, values);
    if (place.quantizer) {
      batch = {kRangeDecay * place.range.low + (1.0F - kRangeDecay) * batch.low,
               kRangeDecay * place.range.high + (1.0F - kRangeDecay) * batch.high};
    }
    place.range = batch;
    place.quantizer.emplace(format_, place.range);
  }
  place.quantizer->apply({values, which.features * which.stride});
}

void MovingRounding::backward(const HookedActivations& which, const float* original,
                              float* gradient) {
  stop_gradient(*places_.at(which.place).quantizer, which, original, gradient);
}

std::unique_ptr<ActivationHook> make_hook(const ActivationTransform& transform) {
  using Hook = std::unique_ptr<ActivationHook>;
  return std::visit(
      Overloaded{
          [](const std::monostate&) -> Hook { return nullptr; },
          [](const RoundActivations& t) -> Hook { return std::make_unique<FixedRounding>(t); },
          [](const RoundToMovingRanges& t) -> Hook { return std::make_unique<MovingRounding>(t); },
          [](const MeasureRanges& t) -> Hook { return std::make_unique<RangeRecorder>(t); }},
      transform);
}

}  // namespace minima::engine
