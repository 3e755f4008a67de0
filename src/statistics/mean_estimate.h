// Means over replicates, with how sure they are.
#pragma once

#include <cstdint>
#include <optional>

#include "statistics/statistics.h"

namespace minima {

/// A mean over runs, and the interval of the mean of all runs there could be: Student's t,
/// mean +- t sd / sqrt(n). It knows of replicates only, not of the finite number of test images.
struct MeanEstimate {
  std::int64_t runs = 0;
  double mean = 0.0;
  std::optional<double> sd;  ///< of the sample; nothing below two runs, like the interval
  std::optional<double> low;
  std::optional<double> high;
};

[[nodiscard]] MeanEstimate estimate_of(const Moments& values, double confidence);

/// Test accuracies over runs, as fractions.
struct AccuracySummary {
  std::int64_t runs = 0;
  double mean = 0.0;
  std::optional<double> sd;  ///< of the sample; nothing below two runs
  double min = 0.0;
  double max = 0.0;
};

[[nodiscard]] AccuracySummary summary_of(const Moments& accuracies);

}  // namespace minima
