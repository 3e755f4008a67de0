#include "measure/weight_histogram.h"

#include <algorithm>
#include <cmath>

namespace minima::measure {
namespace {

constexpr int kSideExponent = 8;  // kBins = 2^8
static_assert(WeightHistogram::kBins == 1 << kSideExponent);

// Exponent of the width of the narrowest bins that reach a magnitude: kBins of them end at the
// smallest power of two above it.
int width_exponent(float magnitude) {
  int exponent = 0;
  (void)std::frexp(magnitude, &exponent);
  return exponent - kSideExponent;
}

constexpr int kNarrowest = -149 - kSideExponent;  // exponent for the smallest float above zero

std::int64_t shifted(std::int64_t bin, int shift) {
  return bin >> std::min(shift, 62);  // rounds down, for negative bins too
}

}  // namespace

void WeightHistogram::reach(int exponent) {
  if (counts_.empty()) {
    counts_.assign(2 * kBins, 0);
    exponent_ = exponent;
  }
  if (exponent <= exponent_) return;
  std::vector<std::int64_t> fused(2 * kBins, 0);
  for (std::int64_t i = 0; i < 2 * kBins; ++i) {
    const std::int64_t bin = shifted(i - kBins, exponent - exponent_);
    fused[static_cast<std::size_t>(bin + kBins)] += counts_[static_cast<std::size_t>(i)];
  }
  counts_ = std::move(fused);
  exponent_ = exponent;
}

void WeightHistogram::add(std::span<const float> values) {
  float largest = -1.0F;
  for (const float value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  }
  if (largest < 0.0F) return;
  reach(largest == 0.0F ? kNarrowest : width_exponent(largest));
  const double bins_per_unit = std::ldexp(1.0, -exponent_);  // exact
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double bin = std::floor(static_cast<double>(value) * bins_per_unit);
    ++counts_[static_cast<std::size_t>(static_cast<std::int64_t>(bin) + kBins)];
  }
}

void WeightHistogram::merge(const record::BinnedCounts& other) {
  if (other.counts.empty()) return;
  reach(other.exponent);
  for (std::size_t i = 0; i < other.counts.size(); ++i) {
    const std::int64_t bin =
        shifted(other.first_bin + static_cast<std::int64_t>(i), exponent_ - other.exponent);
    counts_.at(static_cast<std::size_t>(bin + kBins)) += other.counts[i];
  }
}

record::BinnedCounts WeightHistogram::counts() const {
  const auto is_used = [](std::int64_t count) { return count != 0; };
  const auto begin = std::find_if(counts_.begin(), counts_.end(), is_used);
  if (begin == counts_.end()) return {};
  const auto end = std::find_if(counts_.rbegin(), counts_.rend(), is_used).base();
  return {.exponent = exponent_,
          .first_bin = begin - counts_.begin() - kBins,
          .counts = std::vector<std::int64_t>(begin, end)};
}

WeightedPoints points_of(const record::BinnedCounts& counts) {
  WeightedPoints points;
  const double width = std::ldexp(1.0, counts.exponent);
  for (std::size_t i = 0; i < counts.counts.size(); ++i) {
    if (counts.counts[i] == 0) continue;
    const double bin = static_cast<double>(counts.first_bin + static_cast<std::int64_t>(i));
    points.x.push_back((bin + 0.5) * width);
    points.weight.push_back(static_cast<double>(counts.counts[i]));
  }
  return points;
}

}  // namespace minima::measure
