#include "analysis/redundancy.h"

#include <algorithm>
#include <tuple>

namespace minima::analysis {

RunRedundancy redundancy_of(std::vector<LossPoint> points, double tolerance) {
  constexpr double kRounding = 1e-9;
  std::ranges::sort(points, {},
                    [](const LossPoint& point) { return std::tuple(point.sparsity, -point.loss); });
  LossPoint inside;
  for (const LossPoint& point : points) {
    if (point.loss > tolerance + kRounding) {
      const double share =
          std::clamp((tolerance - inside.loss) / (point.loss - inside.loss), 0.0, 1.0);
      return {.sparsity = inside.sparsity + share * (point.sparsity - inside.sparsity),
              .beyond = false};
    }
    // Of equal sparsities the first, whose loss is the largest, ends the line.
    if (point.sparsity > inside.sparsity) inside = point;
  }
  return {.sparsity = inside.sparsity, .beyond = true};
}

Redundancy redundancy_over(const std::vector<RunRedundancy>& runs, double confidence) {
  Moments moments;
  Redundancy redundancy;
  for (const RunRedundancy& run : runs) {
    moments.add(run.sparsity);
    if (run.beyond) ++redundancy.beyond;
  }
  redundancy.estimate = estimate_of(moments, confidence);
  for (auto* end : {&redundancy.estimate.low, &redundancy.estimate.high}) {
    if (*end) *end = std::clamp(**end, 0.0, 1.0);
  }
  return redundancy;
}

}  // namespace minima::analysis
