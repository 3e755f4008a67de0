#include "core/wilson.h"

#include <algorithm>
#include <cmath>

#include "core/normal_score.h"

namespace minima {

ProportionInterval wilson_interval(std::int64_t successes, std::int64_t trials, double confidence) {
  const double z = normal_score((1.0 - confidence) / 2.0);
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double scale = 1.0 + z * z / n;
  const double centre = (share + z * z / (2.0 * n)) / scale;
  const double half = z * std::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / scale;
  return {.low = successes == 0 ? 0.0 : std::max(0.0, centre - half),
          .high = successes == trials ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace minima
