#include "statistics/estimates/mean_estimate.h"

#include <cmath>

#include "statistics/distributions.h"

namespace minima {

double student_t_half_width(const Moments& values, double confidence) {
  if (values.count() < 2 || values.sample_sd() == 0.0) return 0.0;
  const auto n = static_cast<double>(values.count());
  return student_t_quantile(confidence, n - 1.0) * values.sample_sd() / std::sqrt(n);
}

MeanEstimate estimate_of(const Moments& values, double confidence) {
  MeanEstimate estimate{
      .runs = values.count(), .mean = values.mean(), .sd = {}, .low = {}, .high = {}};
  if (values.count() < 2) return estimate;
  const double half = student_t_half_width(values, confidence);
  estimate.sd = values.sample_sd();
  estimate.low = estimate.mean - half;
  estimate.high = estimate.mean + half;
  return estimate;
}

AccuracySummary summary_of(const Moments& accuracies) {
  AccuracySummary summary{.runs = accuracies.count(),
                          .mean = accuracies.mean(),
                          .sd = {},
                          .min = accuracies.min(),
                          .max = accuracies.max()};
  if (accuracies.count() > 1) summary.sd = accuracies.sample_sd();
  return summary;
}

}  // namespace minima
