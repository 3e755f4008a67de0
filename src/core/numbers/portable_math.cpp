#include "core/numbers/portable_math.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace minima::portable {
namespace {

constexpr double kLn2 = 0.693147180559945309417232;
constexpr double kHalfPi = 1.57079632679489661923;
// pi/2 in two parts (Cody-Waite), so that n * kHalfPiHigh is exact for |n| < 2^20.
constexpr double kHalfPiHigh = 0x1.921fb54400000p+0;
constexpr double kHalfPiLow = 0x1.0b4611a626331p-34;

// Taylor series around 0 for |x| <= pi/4.
double sin_small(double x) {
  const double y = x * x;
  double sum = 0.0;
  for (int k = 19; k >= 3; k -= 2) sum = (1.0 + sum) * (-y / (k * (k - 1)));
  return x * (1.0 + sum);
}

double cos_small(double x) {
  const double y = x * x;
  double sum = 0.0;
  for (int k = 20; k >= 2; k -= 2) sum = (1.0 + sum) * (-y / (k * (k - 1)));
  return 1.0 + sum;
}

struct Reduced {
  double rest;
  int quadrant;
};

Reduced reduce(double x) {
  const double n = std::floor(x / kHalfPi + 0.5);
  const double rest = (x - n * kHalfPiHigh) - n * kHalfPiLow;
  return {rest, static_cast<int>(static_cast<std::int64_t>(n) & 3)};
}

double horner(const double* coefficients, int count, double x) {
  double sum = coefficients[0];
  for (int i = 1; i < count; ++i) sum = sum * x + coefficients[i];
  return sum;
}

}  // namespace

double log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // [0.5, 1)
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  // log(m) = 2 atanh(s), s = (m-1)/(m+1), |s| <= 0.172
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  const double y = s * s;
  double sum = 0.0;
  for (int k = 21; k >= 3; k -= 2) sum = (sum + 1.0 / k) * y;
  return exponent * kLn2 + 2.0 * s * (1.0 + sum);
}

double exp(double x) {
  const double n = std::floor(x / kLn2 + 0.5);
  constexpr double kLn2High = 0x1.62e42fee00000p-1;
  constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double sum = 1.0;
  for (int k = 14; k >= 1; --k) sum = 1.0 + sum * r / k;
  return std::ldexp(sum, static_cast<int>(n));
}

double sin(double x) {
  const Reduced r = reduce(x);
  const double value = (r.quadrant & 1) ? cos_small(r.rest) : sin_small(r.rest);
  return (r.quadrant & 2) ? -value : value;
}

double cos(double x) {
  const Reduced r = reduce(x);
  const double value = (r.quadrant & 1) ? sin_small(r.rest) : cos_small(r.rest);
  return (r.quadrant == 1 || r.quadrant == 2) ? -value : value;
}

double normal_quantile(double p) {
  static constexpr double a[] = {2.5090809287301226727e3, 3.3430575583588128105e4,
                                 6.7265770927008700853e4, 4.5921953931549871457e4,
                                 1.3731693765509461125e4, 1.9715909503065514427e3,
                                 1.3314166789178437745e2, 3.3871328727963666080e0};
  static constexpr double b[] = {5.2264952788528545610e3, 2.8729085735721942674e4,
                                 3.9307895800092710610e4, 2.1213794301586595867e4,
                                 5.3941960214247511077e3, 6.8718700749205790830e2,
                                 4.2313330701600911252e1, 1.0};
  static constexpr double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2,
                                 2.41780725177450611770e-1, 1.27045825245236838258e0,
                                 3.64784832476320460504e0,  5.76949722146069140550e0,
                                 4.63033784615654529590e0,  1.42343711074968357734e0};
  static constexpr double d[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                 1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                 6.89767334985100004550e-1, 1.67638483018380384940e0,
                                 2.05319162663775882187e0,  1.0};
  static constexpr double e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                 1.24266094738807843860e-3, 2.65321895265761230930e-2,
                                 2.96560571828504891230e-1, 1.78482653991729133580e0,
                                 5.46378491116411436990e0,  6.65790464350110377720e0};
  static constexpr double f[] = {2.04426310338993978564e-15, 1.42151175831644588870e-7,
                                 1.84631831751005468180e-5,  7.86869131145613259100e-4,
                                 1.48753612908506148525e-2,  1.36929880922735805310e-1,
                                 5.99832206555887937690e-1,  1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * horner(a, 8, r) / horner(b, 8, r);
  }
  double r = std::sqrt(-portable::log(q < 0.0 ? p : 1.0 - p));
  double value = 0.0;
  if (r <= 5.0) {
    r -= 1.6;
    value = horner(c, 8, r) / horner(d, 8, r);
  } else {
    r -= 5.0;
    value = horner(e, 8, r) / horner(f, 8, r);
  }
  return q < 0.0 ? -value : value;
}

}  // namespace minima::portable
