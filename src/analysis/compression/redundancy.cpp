#include "analysis/compression/redundancy.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/numbers/tolerance.h"
#include "statistics/fits/isotonic.h"

namespace minima::analysis {

RunRedundancy redundancy_of(std::vector<LossPoint> points, double tolerance) {
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
    // Of equal sparsities, the first has the largest loss, so it ends the line.
    if (point.sparsity > inside.sparsity) inside = point;
  }
  return {.sparsity = inside.sparsity, .beyond = true};
}

RunRedundancy monotone_redundancy(std::vector<LossPoint> points, double tolerance) {
  std::ranges::sort(points, {},
                    [](const LossPoint& point) { return std::tuple(point.sparsity, -point.loss); });
  std::vector<double> losses;
  for (const LossPoint& point : points) losses.push_back(point.loss);
  const std::vector<double> weights(losses.size(), 1.0);
  const std::vector<double> fitted = isotonic_fit(losses, weights);
  for (std::size_t i = 0; i < points.size(); ++i) points[i].loss = fitted[i];
  return redundancy_of(std::move(points), tolerance);
}

double skill_tolerance(double dense_accuracy, double chance, double images, double tolerance) {
  const double error = std::sqrt(std::max(0.0, 1.0 - dense_accuracy) / images);
  return std::max(tolerance, 2.0 * error / (dense_accuracy - chance));
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
