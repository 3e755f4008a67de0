// Distribution-free confidence interval of a median.
#pragma once

#include <optional>
#include <span>

namespace minima {

struct MedianInterval {
  double low = 0.0;
  double high = 0.0;
};

/// The interval between the k-th smallest and the k-th largest of independent values, with the
/// largest k whose coverage is at least `confidence`; k follows from the binomial distribution
/// (Hahn and Meeker 1991, section 5.2). `sorted`: ascending, without NaN. Empty if even the range
/// of the values covers too rarely: below six values for a confidence of 95 %.
[[nodiscard]] std::optional<MedianInterval> median_interval(std::span<const double> sorted,
                                                            double confidence);

}  // namespace minima
