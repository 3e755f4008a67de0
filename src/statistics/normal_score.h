// Normal scores put test statistics on one scale. The normal score of a statistic is the standard
// normal quantile with the same upper tail probability. Scores of different tests can be compared,
// and several of them calibrated together.
#pragma once

#include <cstdint>

namespace minima {

/// The z with P(Z > z) = p. p closer than 1e-300 to 0 counts as 1e-300; near 1 the limit is half
/// the machine epsilon.
[[nodiscard]] double normal_score(double upper_tail);

/// Score of Student's t with `df` > 0 degrees of freedom (Wallace 1959). Its error is towards 0: at
/// |z| = 3 it is 0.3 with 1 degree of freedom, 0.03 with 4, 0.005 with 10.
[[nodiscard]] double student_t_score(double t, double df);

/// The t whose student_t_score is `score`.
[[nodiscard]] double student_t_of_score(double score, double df);

/// Score of a chi-squared statistic with `df` > 0 degrees of freedom (Wilson and Hilferty 1931).
/// The error is below 0.04 for z in 0..3. For z < 0 it is towards 0: at z = -3 it is 0.26 with 4
/// degrees of freedom, 0.07 with 10.
[[nodiscard]] double chi_squared_score(double x, double df);

/// Score of an F statistic with `numerator` and `denominator` > 0 degrees of freedom (Paulson
/// 1942). The error is below 0.1 for z in 0..3 if `denominator` is at least 3.
[[nodiscard]] double f_score(double f, double numerator, double denominator);

/// P(Z > z) of the standard normal distribution.
[[nodiscard]] double normal_upper_tail(double z);

}  // namespace minima
