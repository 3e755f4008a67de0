// Tail probabilities and quantiles of the distributions that tests and intervals need, by
// Boost.Math. Relative errors are below 1e-10 in either tail. A NaN argument gives NaN.
//
// Normal scores put test statistics on one scale. The normal score of a statistic is the standard
// normal quantile with the same upper tail probability. Scores of different tests can be compared,
// and several of them calibrated together.
#pragma once

#include <cstdint>

namespace minima {

/// P(Z > z) of the standard normal distribution.
[[nodiscard]] double normal_upper_tail(double z);

/// The z with P(Z > z) = p. p closer than 1e-300 to 0 counts as 1e-300; near 1 the limit is half
/// the machine epsilon.
[[nodiscard]] double normal_score(double upper_tail);

/// P(|T| > t) for T of Student's t distribution with `df` > 0 degrees of freedom. 1 for t <= 0.
[[nodiscard]] double student_t_two_sided_tail(double t, double df);

/// The t with P(T > t) = `upper_tail`, between 0 and 1.
[[nodiscard]] double student_t_upper_quantile(double upper_tail, double df);

/// The t that |T| exceeds with probability 1 - confidence, 0 <= confidence < 1.
[[nodiscard]] double student_t_quantile(double confidence, double df);

/// Normal score of a t with `df` > 0 degrees of freedom. Finite t: at most 37.1 in size.
[[nodiscard]] double student_t_score(double t, double df);

/// The quantile of the chi-squared distribution with `df` > 0 degrees of freedom, for a probability
/// in (0, 1).
[[nodiscard]] double chi_squared_quantile(double probability, double df);

/// Normal score of a chi-squared statistic `x` >= 0, at most 37.1 in size.
[[nodiscard]] double chi_squared_score(double x, double df);

/// P(F > f) and P(F < f) of the F distribution with `numerator` and `denominator` > 0 degrees of
/// freedom, f >= 0.
[[nodiscard]] double f_upper_tail(double f, double numerator, double denominator);
[[nodiscard]] double f_lower_tail(double f, double numerator, double denominator);

/// P(X >= successes) for X ~ Binomial(trials, p), 0 <= p <= 1.
[[nodiscard]] double binomial_upper_tail(std::int64_t successes, std::int64_t trials, double p);

/// The largest p for which at most `successes` of `trials` > 0 still have probability 1 -
/// confidence (Clopper and Pearson 1934, one-sided).
[[nodiscard]] double binomial_upper_limit(std::int64_t successes, std::int64_t trials,
                                          double confidence);

/// ln(n!), n >= 0. Unlike std::lgamma it may be called from several threads.
[[nodiscard]] double log_factorial(double n);

}  // namespace minima
