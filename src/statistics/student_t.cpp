#include "statistics/student_t.h"

#include <cmath>
#include <limits>

namespace minima {
namespace {

// The continued fraction of the incomplete beta function (NIST DLMF 8.17.22) by the modified method
// of Lentz (1976). Converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  constexpr int kMostTerms = 10'000;
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double fraction = d;
  for (int i = 1; i <= kMostTerms; ++i) {
    const double m = i;
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1.0 / away_from_zero(1.0 + even * d);
    c = away_from_zero(1.0 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0 / away_from_zero(1.0 + odd * d);
    c = away_from_zero(1.0 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1.0) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

}  // namespace

double student_t_two_sided_tail(double t, double df) {
  if (t <= 0.0) return 1.0;
  if (std::isinf(t)) return 0.0;
  const double a = df / 2.0;
  const double b = 0.5;
  const double x = df / (df + t * t);
  const double y = t * t / (df + t * t);  // 1 - x without cancellation
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * -std::log1p(t * t / df) + b * std::log(y));
  if (x < (a + 1.0) / (a + b + 2.0)) return front * beta_fraction(x, a, b) / a;
  return 1.0 - front * beta_fraction(y, b, a) / b;
}

double student_t_quantile(double confidence, double df) {
  const double tail = 1.0 - confidence;
  double high = 1.0;
  while (student_t_two_sided_tail(high, df) > tail) high *= 2.0;
  double low = 0.0;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high) break;
    (student_t_two_sided_tail(middle, df) > tail ? low : high) = middle;
  }
  return low + (high - low) / 2.0;
}

double student_t_half_width(const Moments& values, double confidence) {
  if (values.count() < 2 || values.sample_sd() == 0.0) return 0.0;
  const auto n = static_cast<double>(values.count());
  return student_t_quantile(confidence, n - 1.0) * values.sample_sd() / std::sqrt(n);
}

}  // namespace minima
