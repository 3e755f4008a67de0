// Statistics that can be merged, so that parts may be computed separately.
#pragma once

#include <cstdint>
#include <span>

namespace minima {

/// Count, mean, variance, minimum and maximum of a stream of numbers (Welford 1962; merging by
/// Chan, Golub and LeVeque 1979).
class Moments {
 public:
  void add(double value);
  void merge(const Moments& other);

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return mean_; }  ///< 0 when empty
  [[nodiscard]] double population_variance() const;    ///< divided by n; 0 when empty
  [[nodiscard]] double sample_sd() const;              ///< divided by n - 1; 0 below two values
  [[nodiscard]] double min() const { return min_; }
  [[nodiscard]] double max() const { return max_; }

 private:
  std::int64_t count_ = 0;
  double mean_ = 0.0;
  double sum_of_squares_ = 0.0;  // of deviations from the mean
  double min_ = 0.0;
  double max_ = 0.0;
};

[[nodiscard]] Moments moments_of(std::span<const double> values);

/// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the
/// default of NumPy and R). `q` in 0..1. Values need not be sorted; they must not be empty or
/// contain NaN.
[[nodiscard]] double quantile(std::span<const double> values, double q);

}  // namespace minima
