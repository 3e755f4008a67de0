#include "store/files/weight_check.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/codes/crc32.h"

namespace minima::store {
namespace {

// Relative accuracy of sums of up to ten million terms in double precision, in any order.
constexpr double kTolerance = 1e-9;

bool is_near(double a, double b, double scale) {
  return std::abs(a - b) <= kTolerance * scale;  // false for NaN
}

}  // namespace

void TensorCheck::add(std::span<const std::byte> values) {
  checksum_ = crc32(values, checksum_);
  count_ += static_cast<std::int64_t>(values.size() / sizeof(float));
  if (record_.checksum || !record_.statistics) return;
  for (std::size_t at = 0; at + sizeof(float) <= values.size(); at += sizeof(float)) {
    float value = 0.0F;
    std::memcpy(&value, values.data() + at, sizeof(float));
    if (!std::isfinite(value)) {
      ++not_finite_;
      continue;
    }
    const double magnitude = std::fabs(value);
    sum_ += value;
    l1_ += magnitude;
    squares_ += magnitude * magnitude;
    max_ = std::max(max_, magnitude);
  }
}

bool TensorCheck::fits() const {
  if (record_.checksum) return checksum_ == *record_.checksum;
  return !record_.statistics || fits(*record_.statistics);
}

// Norms ignore signs, so the mean is compared too.
bool TensorCheck::fits(const record::TensorStatistics& recorded) const {
  if (count_ != recorded.count || not_finite_ != recorded.not_finite) return false;
  if (count_ == 0 || not_finite_ > 0) return true;  // then statistics were not recorded
  const auto n = static_cast<double>(count_);
  return max_ == recorded.max && is_near(l1_, recorded.l1, l1_) &&
         is_near(std::sqrt(squares_), recorded.l2, recorded.l2) &&
         is_near(sum_ / n, recorded.mean, l1_ / n);
}

}  // namespace minima::store
