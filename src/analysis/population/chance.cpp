#include "analysis/population/chance.h"

#include <cmath>

#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

// The tail probability falls with the count: bisect.
std::int64_t threshold_of(std::int64_t images, double majority_share, double significance) {
  std::int64_t low = 0;
  std::int64_t high = images + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (binomial_upper_tail(middle, images, majority_share) < significance) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

Chance::Chance(std::int64_t images, double majority_share, double significance)
    : images_(images), threshold_(threshold_of(images, majority_share, significance)) {}

Chance::Chance(const record::DatasetRecord& dataset, double significance)
    : Chance(dataset.test_count, dataset.majority_share, significance) {}

bool Chance::is_beaten_by(double accuracy) const {
  if (!std::isfinite(accuracy)) return false;
  return std::llround(accuracy * static_cast<double>(images_)) >= threshold_;
}

}  // namespace minima::analysis
