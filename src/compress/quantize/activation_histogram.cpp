#include "compress/quantize/activation_histogram.h"

#include <algorithm>
#include <cmath>

#include "compress/quantize/affine_grid.h"

namespace minima::compress {
namespace {

/// The smallest e with |value| < 2^e. `value` is not zero.
int exponent_above(float value) {
  int exponent = 0;
  (void)std::frexp(value, &exponent);
  return exponent;
}

/// Merges groups of 2^shift neighbouring bins.
void fuse(std::vector<std::int64_t>& bins, int shift) {
  std::vector<std::int64_t> fused(bins.size());
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    fused[shift >= 62 ? 0 : bin >> shift] += bins[bin];
  }
  bins = std::move(fused);
}

}  // namespace

double ActivationHistogram::bin_width() const {
  return std::ldexp(1.0, exponent_) / kBins;
}

void ActivationHistogram::grow(int exponent) {
  if (bins_[0].empty()) {
    for (Bins& bins : bins_) bins.assign(kBins, 0);
    exponent_ = exponent;
  }
  if (exponent > exponent_) {
    for (Bins& bins : bins_) fuse(bins, exponent - exponent_);
    exponent_ = exponent;
  }
  bins_per_unit_ = 1.0 / bin_width();
}

void ActivationHistogram::add(std::span<const float> values) {
  add(values.data(), 1, values.size(), values.size());
}

void ActivationHistogram::add(const float* values, std::size_t features, std::size_t stride,
                              std::size_t count) {
  for (std::size_t f = 0; f < features; ++f) {
    const float* row = values + f * stride;
    for (std::size_t i = 0; i < count; ++i) add_one(row[i]);
  }
}

void ActivationHistogram::add_one(float value) {
  if (!std::isfinite(value)) {
    ++not_finite_;
    return;
  }
  ++count_;
  if (value == 0.0F) {
    ++zeros_;
    return;
  }
  if (value < range_.low || value > range_.high || bins_[0].empty()) {
    range_.low = std::min(range_.low, value);
    range_.high = std::max(range_.high, value);
    grow(exponent_above(value));
  }
  // Exact: the width of a bin is a power of two.
  const auto bin = static_cast<std::size_t>(std::fabs(static_cast<double>(value)) * bins_per_unit_);
  ++bins_[value < 0.0F ? 1 : 0][bin];
}

void ActivationHistogram::merge(const ActivationHistogram& other) {
  count_ += other.count_;
  not_finite_ += other.not_finite_;
  zeros_ += other.zeros_;
  range_.low = std::min(range_.low, other.range_.low);
  range_.high = std::max(range_.high, other.range_.high);
  if (other.bins_[0].empty()) return;
  grow(other.exponent_);
  ActivationHistogram wider = other;
  wider.grow(exponent_);
  for (int sign = 0; sign < 2; ++sign) {
    for (std::size_t bin = 0; bin < kBins; ++bin) bins_[sign][bin] += wider.bins_[sign][bin];
  }
}

float ActivationHistogram::quantile(double share) const {
  const double wanted = share * static_cast<double>(count_);
  const double width = bin_width();
  double below = 0.0;
  const auto inside = [&](std::int64_t values) {  // position 0..1 within the bin, or -1 if the
                                                  // quantile is not in it
    const double before = below;
    below += static_cast<double>(values);
    return values > 0 && below >= wanted ? (wanted - before) / static_cast<double>(values) : -1.0;
  };
  for (int bin = kBins - 1; bin >= 0; --bin) {
    const double part = inside(bins_[1][static_cast<std::size_t>(bin)]);
    if (part >= 0.0) return static_cast<float>(-(bin + 1 - part) * width);
  }
  if (inside(zeros_) >= 0.0) return 0.0F;
  for (int bin = 0; bin < kBins; ++bin) {
    const double part = inside(bins_[0][static_cast<std::size_t>(bin)]);
    if (part >= 0.0) return static_cast<float>((bin + part) * width);
  }
  return range_.high;
}

double ActivationHistogram::squared_error(const Range& range, int steps) const {
  const double step = (static_cast<double>(range.high) - static_cast<double>(range.low)) / steps;
  const double width = bin_width();
  double sum = 0.0;
  for (int sign = 0; sign < 2; ++sign) {
    const double end = sign == 0 ? range.high : -static_cast<double>(range.low);
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      if (bins_[sign][bin] == 0) continue;
      const double value = (static_cast<double>(bin) + 0.5) * width;
      double error = step * step / 12.0;
      if (value > end) {
        error = (value - end) * (value - end);
      } else if (step >= 2.0 * width) {
        const double nearest = std::min(std::nearbyint(value / step) * step, end);
        error = (value - nearest) * (value - nearest);
      }
      sum += error * static_cast<double>(bins_[sign][bin]);
    }
  }
  return sum;
}

Range ActivationHistogram::range(const Clipping& clipping, int steps) const {
  if (bins_[0].empty() || clipping.rule == Clipping::Rule::max) return range_;
  if (clipping.rule == Clipping::Rule::least_squared_error) {
    return range_.times(least_error_share([&](double share, double /*enough*/) {
      return squared_error(range_.times(share), steps);
    }));
  }
  const double outside = (100.0 - clipping.percentile) / 100.0;
  Range range;
  if (range_.low < 0.0F) {
    range.low = std::clamp(quantile(outside / 2.0), range_.low, 0.0F);
    range.high = std::clamp(quantile(1.0 - outside / 2.0), 0.0F, range_.high);
  } else {
    range.high = std::min(quantile(1.0 - outside), range_.high);
  }
  return range.largest() > 0.0F ? range : range_;
}

}  // namespace minima::compress
