#include "statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

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

double quantile(std::span<const double> values, double q) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

namespace {

// Sum of the binomial probabilities of `first`, first + step, ... to the end of the range, in the
// direction in which they decrease.
double falling_tail(std::int64_t first, int step, std::int64_t trials, double p) {
  const auto n = static_cast<double>(trials);
  auto k = static_cast<double>(first);
  // Computed from its logarithm, which does not overflow for any number of trials.
  double term = std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                         k * std::log(p) + (n - k) * std::log1p(-p));
  double sum = 0.0;
  for (std::int64_t i = first; i >= 0 && i <= trials && term > sum * 1e-17; i += step) {
    sum += term;
    k = static_cast<double>(i);
    term *= step > 0 ? (n - k) / (k + 1) * (p / (1 - p)) : k / (n - k + 1) * ((1 - p) / p);
  }
  return std::min(sum, 1.0);
}

}  // namespace

double binomial_upper_tail(std::int64_t successes, std::int64_t trials, double p) {
  if (successes <= 0) return 1.0;
  if (successes > trials || p <= 0.0) return 0.0;
  if (p >= 1.0) return 1.0;
  if (static_cast<double>(successes) >= p * static_cast<double>(trials)) {
    return falling_tail(successes, 1, trials, p);
  }
  return 1.0 - falling_tail(successes - 1, -1, trials, p);
}

double binomial_upper_limit(std::int64_t successes, std::int64_t trials, double confidence) {
  if (successes >= trials) return 1.0;
  double low = 0.0;  // P(X > successes) rises with p: bisect
  double high = 1.0;
  while (high - low > 1e-12) {
    const double middle = 0.5 * (low + high);
    (binomial_upper_tail(successes + 1, trials, middle) < confidence ? low : high) = middle;
  }
  return high;
}

}  // namespace minima
