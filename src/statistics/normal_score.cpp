#include "statistics/normal_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/portable_math.h"

namespace minima {

double normal_score(double upper_tail) {
  // For p near 0 the negated quantile of p keeps all digits of p; 1 - p would lose them.
  constexpr double kLeast = 1e-300;
  if (upper_tail <= 0.5) return -portable::normal_quantile(std::max(upper_tail, kLeast));
  const double lower = std::max(1.0 - upper_tail, std::numeric_limits<double>::epsilon() / 2);
  return portable::normal_quantile(lower);
}

double student_t_score(double t, double df) {
  if (std::isinf(t)) return t;
  const double size = std::sqrt(df * std::log1p(t * t / df)) * (8 * df + 1) / (8 * df + 3);
  return std::copysign(size, t);
}

double student_t_of_score(double score, double df) {
  const double size = score * (8 * df + 3) / (8 * df + 1);
  return std::copysign(std::sqrt(df * std::expm1(size * size / df)), score);
}

double chi_squared_score(double x, double df) {
  const double variance = 2.0 / (9.0 * df);
  return (std::cbrt(x / df) - (1.0 - variance)) / std::sqrt(variance);
}

double f_score(double f, double numerator, double denominator) {
  const double over = 2.0 / (9.0 * numerator);
  const double under = 2.0 / (9.0 * denominator);
  const double root = std::cbrt(f);
  return ((1.0 - under) * root - (1.0 - over)) / std::sqrt(over + root * root * under);
}

double normal_upper_tail(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

}  // namespace minima
