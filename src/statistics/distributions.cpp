#include "statistics/distributions.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace minima {
namespace {

namespace policies = boost::math::policies;

// Errors become NaN or infinity instead of exceptions. Computing in long double would be slower,
// and its precision differs between processors.
using Policy = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;
using Normal = boost::math::normal_distribution<double, Policy>;
using StudentT = boost::math::students_t_distribution<double, Policy>;
using ChiSquared = boost::math::chi_squared_distribution<double, Policy>;
using FisherF = boost::math::fisher_f_distribution<double, Policy>;

// The score of a statistic from its two tails. The smaller tail has all its digits.
double score_of(double lower_tail, double upper_tail) {
  return upper_tail <= lower_tail ? normal_score(upper_tail) : -normal_score(lower_tail);
}

}  // namespace

double normal_upper_tail(double z) {
  return cdf(complement(Normal(), z));
}

double normal_score(double upper_tail) {
  constexpr double kLeast = 1e-300;
  constexpr double kMost = 1.0 - std::numeric_limits<double>::epsilon() / 2;
  if (std::isnan(upper_tail)) return upper_tail;
  return quantile(complement(Normal(), std::clamp(upper_tail, kLeast, kMost)));
}

double student_t_two_sided_tail(double t, double df) {
  if (t <= 0.0) return 1.0;
  return 2.0 * cdf(complement(StudentT(df), t));
}

double student_t_upper_quantile(double upper_tail, double df) {
  return quantile(complement(StudentT(df), upper_tail));
}

double student_t_quantile(double confidence, double df) {
  return student_t_upper_quantile((1.0 - confidence) / 2.0, df);
}

double student_t_score(double t, double df) {
  if (std::isinf(t)) return t;
  return std::copysign(normal_score(cdf(complement(StudentT(df), std::abs(t)))), t);
}

double chi_squared_quantile(double probability, double df) {
  return quantile(ChiSquared(df), probability);
}

double chi_squared_score(double x, double df) {
  const ChiSquared distribution(df);
  return score_of(cdf(distribution, x), cdf(complement(distribution, x)));
}

double f_upper_tail(double f, double numerator, double denominator) {
  return cdf(complement(FisherF(numerator, denominator), f));
}

double f_lower_tail(double f, double numerator, double denominator) {
  return cdf(FisherF(numerator, denominator), f);
}

double binomial_upper_tail(std::int64_t successes, std::int64_t trials, double p) {
  if (successes <= 0) return 1.0;
  if (successes > trials || p <= 0.0) return 0.0;
  if (p >= 1.0) return 1.0;
  return boost::math::ibeta(static_cast<double>(successes),
                            static_cast<double>(trials - successes + 1), p, Policy());
}

double binomial_upper_limit(std::int64_t successes, std::int64_t trials, double confidence) {
  if (successes >= trials) return 1.0;
  return boost::math::ibeta_inv(static_cast<double>(successes + 1),
                                static_cast<double>(trials - successes), confidence, Policy());
}

double log_factorial(double n) {
  return boost::math::lgamma(n + 1.0, Policy());
}

}  // namespace minima
