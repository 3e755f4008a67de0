#include "compress/quantize/clipping.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "statistics/statistics.h"

namespace minima::compress {

Range full_range(std::span<const float> values) {
  Range range;
  for (const float value : values) {
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

Range percentile_range(std::span<const float> values, double percentile, bool symmetric) {
  const Range full = full_range(values);
  if (values.empty()) return full;
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const float value : values) {
    sorted.push_back(static_cast<double>(symmetric ? std::fabs(value) : value));
  }
  Range range;
  if (symmetric) {
    range.high = static_cast<float>(quantile(sorted, percentile / 100.0));
    range.low = -range.high;
  } else {
    const double tail = (100.0 - percentile) / 200.0;
    range.low = std::min(static_cast<float>(quantile(sorted, tail)), 0.0F);
    range.high = std::max(static_cast<float>(quantile(sorted, 1.0 - tail)), 0.0F);
  }
  return range.largest() > 0.0F ? range : full;
}

double least_error_share(const std::function<double(double share, double enough)>& error) {
  int best = 1000;  // in thousandths
  double least = error(1.0, std::numeric_limits<double>::infinity());
  const auto try_share = [&](int thousandths) {
    const double here = error(thousandths / 1000.0, least);
    if (here < least) {
      least = here;
      best = thousandths;
    }
  };
  for (int thousandths = 990; thousandths > 0; thousandths -= 10) try_share(thousandths);
  const int middle = best;
  for (int thousandths = std::min(middle + 9, 999); thousandths > std::max(middle - 10, 0);
       --thousandths) {
    if (thousandths != middle) try_share(thousandths);
  }
  return best / 1000.0;
}

}  // namespace minima::compress
