#include "engine/plain/activations.h"

#include <algorithm>

#include "compress/quantize/activation_quantizer.h"

namespace minima::engine::plain {
namespace {

using compress::ActivationQuantizer;
using compress::Range;

// From the smallest to the largest value of a batch, zero included.
Range range_of(const Images& values) {
  Range range;
  for (const Vector& image : values) {
    for (const double value : image) {
      range.low = std::min(range.low, static_cast<float>(value));
      range.high = std::max(range.high, static_cast<float>(value));
    }
  }
  return range;
}

}  // namespace

void Activations::apply(const ActivationPlace& place, Images& values) {
  if (const auto* fixed = std::get_if<RoundActivations>(&transform_)) {
    ranges_.insert_or_assign(place, fixed->ranges.at(place));
  } else if (const auto* measured = std::get_if<MeasureRanges>(&transform_)) {
    return measure(*measured, place, values);
  } else if (is_training_ || !ranges_.contains(place)) {
    move_range(place, values);
  }
  const ActivationQuantizer quantizer(format(), ranges_.at(place));
  for (Vector& image : values) {
    std::vector<float> rounded(image.begin(), image.end());
    quantizer.apply(rounded);
    image.assign(rounded.begin(), rounded.end());
  }
}

void Activations::measure(const MeasureRanges& measure, const ActivationPlace& place,
                          const Images& values) {
  if (measure.clipping.rule == compress::Clipping::Rule::max) {
    const Range batch = range_of(values);
    Range& range = ranges_[place];
    range = {std::min(range.low, batch.low), std::max(range.high, batch.high)};
    return;
  }
  for (const Vector& image : values) {
    histograms_[place].add(std::vector<float>(image.begin(), image.end()));
  }
}

void Activations::move_range(const ActivationPlace& place, const Images& values) {
  const Range batch = range_of(values);
  const auto [at, is_first] = ranges_.try_emplace(place, batch);
  if (is_first) return;
  Range& range = at->second;
  range = {kRangeDecay * range.low + (1.0F - kRangeDecay) * batch.low,
           kRangeDecay * range.high + (1.0F - kRangeDecay) * batch.high};
}

void Activations::stop_gradient(const ActivationPlace& place, const Images& original,
                                Images& gradient) const {
  const ActivationQuantizer quantizer(format(), ranges_.at(place));
  for (std::size_t b = 0; b < original.size(); ++b) {
    for (std::size_t i = 0; i < original[b].size(); ++i) {
      if (!quantizer.passes(static_cast<float>(original[b][i]))) gradient[b][i] = 0.0;
    }
  }
}

ActivationRanges Activations::ranges() const {
  const auto* measure = std::get_if<MeasureRanges>(&transform_);
  if (measure == nullptr) return {};
  const int codes = compress::largest_activation_code(measure->format);
  ActivationRanges ranges = ranges_;
  for (const auto& [place, histogram] : histograms_) {
    ranges.emplace(place, histogram.range(measure->clipping, codes > 0 ? codes : kStepsOfFloats));
  }
  return ranges;
}

compress::NumberFormat Activations::format() const {
  if (const auto* fixed = std::get_if<RoundActivations>(&transform_)) return fixed->format;
  return std::get<RoundToMovingRanges>(transform_).format;
}

}  // namespace minima::engine::plain
