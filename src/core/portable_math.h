// Elementary functions that give the same bits on every machine: the C library's may differ in the
// last place between versions and processors, and generated data sets and initial weights must not.
// Built from IEEE basic operations alone (the build forbids contraction). Relative error below
// 1e-13; of sin and cos near their zeros, absolute error below 1e-15.
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
