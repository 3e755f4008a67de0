// Elementary functions with identical bits on every machine. The C library's functions may differ
// in the last bit between versions and processors, but generated data sets and initial weights must
// not. Built from IEEE basic operations only (the build forbids contraction). Relative error below
// 1e-13; absolute error of sin and cos near their zeros below 1e-15.
#pragma once

namespace minima::portable {

[[nodiscard]] double log(double x);  ///< natural logarithm, x > 0 and finite
[[nodiscard]] double exp(double x);  ///< |x| <= 700
[[nodiscard]] double sin(double x);  ///< |x| <= 1e6, radians
[[nodiscard]] double cos(double x);  ///< |x| <= 1e6, radians

/// Inverse of the standard normal distribution function, 0 < p < 1.
/// Algorithm AS 241, PPND16 (Wichura 1988).
[[nodiscard]] double normal_quantile(double p);

}  // namespace minima::portable
