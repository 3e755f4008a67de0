#include "statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/quantile.h"

namespace minima {

void Moments::add(double value) {
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  ++count_;
  const double delta = value - mean_;
  mean_ += delta / static_cast<double>(count_);
  sum_of_squares_ += delta * (value - mean_);
}

void Moments::merge(const Moments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const auto n = static_cast<double>(count_);
  const auto m = static_cast<double>(other.count_);
  const double delta = other.mean_ - mean_;
  mean_ += delta * m / (n + m);
  sum_of_squares_ += other.sum_of_squares_ + delta * delta * n * m / (n + m);
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Moments::population_variance() const {
  return count_ == 0 ? 0.0 : sum_of_squares_ / static_cast<double>(count_);
}

double Moments::sample_sd() const {
  return count_ < 2 ? 0.0 : std::sqrt(sum_of_squares_ / static_cast<double>(count_ - 1));
}

Moments moments_of(std::span<const double> values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  return moments;
}

double quantile(std::span<const double> values, double q) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return quantile_of_sorted<double>(sorted, q);
}

}  // namespace minima
