// Means over replicates with confidence intervals.
#pragma once

#include <cstdint>
#include <optional>

#include "statistics/statistics.h"

namespace minima {

/// Half the width of the interval of the mean by Student's t: t sd / sqrt(n). 0 for fewer than two
/// values, which have no interval.
[[nodiscard]] double student_t_half_width(const Moments& values, double confidence);

/// A mean over runs with Student's t interval for the expected value of a run, mean +- t sd /
/// sqrt(n). It accounts for the finite number of replicates only, not of test images.
struct MeanEstimate {
  std::int64_t runs = 0;
  double mean = 0.0;
  std::optional<double> sd;  ///< sample sd; nothing below two runs, like the interval
  std::optional<double> low;
  std::optional<double> high;
};

[[nodiscard]] MeanEstimate estimate_of(const Moments& values, double confidence);

/// Summary of test accuracies over runs, as fractions.
struct AccuracySummary {
  std::int64_t runs = 0;
  double mean = 0.0;
  std::optional<double> sd;  ///< sample sd; nothing below two runs
  double min = 0.0;
  double max = 0.0;
};

[[nodiscard]] AccuracySummary summary_of(const Moments& accuracies);

}  // namespace minima
