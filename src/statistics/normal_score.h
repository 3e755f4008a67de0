// Test statistics on one scale: the normal score of a statistic is the standard normal number that
// is exceeded with the same probability. Scores of different tests can be compared, and several of
// them calibrated together.
#pragma once

#include <cstdint>

namespace minima {

/// The z with P(Z > z) = p; p beyond 1e-300 of 0 or 1 counts as that far off.
[[nodiscard]] double normal_score(double upper_tail);

/// Of Student's t with `df` > 0 degrees of freedom (Wallace 1959). Where it is off, it is too near
/// to 0: at |z| = 3 by 0.3 with 1 degree of freedom, 0.03 with 4, 0.005 with 10.
[[nodiscard]] double student_t_score(double t, double df);

/// The t whose student_t_score is `score`.
[[nodiscard]] double student_t_of_score(double score, double df);

/// Of a chi-squared statistic with `df` > 0 degrees of freedom (Wilson and Hilferty 1931). Off by
/// less than 0.04 for z in 0..3; below 0 too near to 0: at z = -3 by 0.26 with 4 degrees of
/// freedom, 0.07 with 10.
[[nodiscard]] double chi_squared_score(double x, double df);

/// Of an F statistic with `numerator` and `denominator` > 0 degrees of freedom (Paulson 1942). Off
/// by less than 0.1 for z in 0..3 from 3 degrees of freedom of the denominator on.
[[nodiscard]] double f_score(double f, double numerator, double denominator);

/// P(Z > z) of the standard normal distribution.
[[nodiscard]] double normal_upper_tail(double z);

}  // namespace minima
