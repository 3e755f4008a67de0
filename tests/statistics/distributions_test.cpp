#include "statistics/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace minima {
namespace {

constexpr double kPi = std::numbers::pi;

double relative_error(double value, double expected) {
  return std::abs(value / expected - 1.0);
}

// With 1 degree of freedom the distribution is Cauchy's, with 2 it is t / sqrt(2 + t^2).
TEST(StudentT, QuantilesOfOneAndTwoDegreesOfFreedomAreTheClosedForms) {
  for (const double tail : {0.4, 0.05, 0.025, 1e-3, 1e-6, 1e-9}) {
    EXPECT_LT(relative_error(student_t_upper_quantile(tail, 1), 1.0 / std::tan(kPi * tail)), 1e-12)
        << tail;
    const double two = (1.0 - 2.0 * tail) / std::sqrt(2.0 * tail * (1.0 - tail));
    EXPECT_LT(relative_error(student_t_upper_quantile(tail, 2), two), 1e-12) << tail;
  }
  EXPECT_NEAR(student_t_quantile(0.95, 1), 12.7062, 1e-4);  // the usual table
  EXPECT_NEAR(student_t_quantile(0.95, 2), 4.30265, 1e-5);
  EXPECT_EQ(student_t_quantile(0.0, 3), 0.0);
}

TEST(StudentT, TailsOfOneAndTwoDegreesOfFreedomAreTheClosedForms) {
  for (const double t : {1e-6, 0.3, 1.0, 12.0, 300.0, 1e6}) {
    const double one = 2.0 / kPi * std::atan(1.0 / t);
    EXPECT_LT(relative_error(student_t_two_sided_tail(t, 1), one), 1e-10) << t;
    const double root = std::sqrt(2.0 + t * t);
    const double two = 2.0 / (root * (root + t));  // 1 - t / root without cancellation
    EXPECT_LT(relative_error(student_t_two_sided_tail(t, 2), two), 1e-12) << t;
  }
  EXPECT_EQ(student_t_two_sided_tail(0.0, 1), 1.0);
  EXPECT_EQ(student_t_two_sided_tail(std::numeric_limits<double>::infinity(), 1), 0.0);
}

// Textbook approximations of the score are off by 0.3 here.
TEST(StudentT, ScoreIsThatOfItsTailAtFewDegreesOfFreedom) {
  for (const double z : {-4.75, -1.96, 0.1, 1.0, 3.0, 4.75}) {
    for (const double df : {1.0, 2.0, 3.0, 30.0}) {
      const double t =
          std::copysign(student_t_upper_quantile(normal_upper_tail(std::abs(z)), df), z);
      EXPECT_NEAR(student_t_score(t, df), z, 1e-10) << z << ' ' << df;
    }
  }
  EXPECT_EQ(student_t_score(0.0, 1), 0.0);
  EXPECT_LT(student_t_score(1e9, 1e9), 37.1) << "probabilities below 1e-300 count as that";
  EXPECT_EQ(student_t_score(HUGE_VAL, 1), HUGE_VAL);
  EXPECT_TRUE(std::isnan(student_t_score(NAN, 1)));
}

// Two degrees of freedom: P(X > x) = exp(-x / 2).
TEST(ChiSquared, IsExponentialWithTwoDegreesOfFreedom) {
  for (const double lower : {1e-6, 0.025, 0.5, 0.975}) {
    EXPECT_LT(relative_error(chi_squared_quantile(lower, 2), -2.0 * std::log1p(-lower)), 1e-12)
        << lower;
  }
  for (const double z : {1.0, 3.0, 4.75}) {
    const double tail = normal_upper_tail(z);
    EXPECT_NEAR(chi_squared_score(-2.0 * std::log(tail), 2), z, 1e-10);
    EXPECT_NEAR(chi_squared_score(-2.0 * std::log1p(-tail), 2), -z, 1e-10);
  }
  EXPECT_GT(chi_squared_score(0.0, 1), -37.1);
}

TEST(ChiSquared, QuantilesHaveTheTabledValues) {
  // Abramowitz and Stegun, table 26.8.
  EXPECT_NEAR(chi_squared_quantile(0.975, 1), 5.02389, 1e-5);
  EXPECT_NEAR(chi_squared_quantile(0.025, 4), 0.484419, 1e-6);
  EXPECT_NEAR(chi_squared_quantile(0.95, 10), 18.3070, 1e-4);
}

// With numerator 2: P(F > f) = (1 + 2 f / d)^(-d / 2).
TEST(F, TailsAreTheClosedFormForNumeratorTwo) {
  for (const double d : {1.0, 2.0, 7.0}) {
    for (const double f : {1e-6, 0.5, 4.0, 1e4}) {
      const double upper = std::exp(-0.5 * d * std::log1p(2.0 * f / d));
      EXPECT_LT(relative_error(f_upper_tail(f, 2, d), upper), 1e-11) << f << ' ' << d;
      EXPECT_NEAR(f_lower_tail(f, 2, d), 1.0 - upper, 1e-13) << f << ' ' << d;
    }
  }
}

TEST(BinomialUpperTail, MatchesHandValues) {
  EXPECT_DOUBLE_EQ(binomial_upper_tail(2, 3, 0.5), 0.5);
  EXPECT_NEAR(binomial_upper_tail(3, 4, 0.25), 13.0 / 256.0, 1e-15);
  EXPECT_NEAR(binomial_upper_tail(1, 10, 0.1), 0.6513215599, 1e-12);
  EXPECT_NEAR(binomial_upper_tail(10, 10, 0.1), 1e-10, 1e-20);
}

TEST(BinomialUpperTail, MatchesSciPyForThousandsOfTrials) {
  // scipy.stats.binom.sf(k - 1, n, p)
  EXPECT_NEAR(binomial_upper_tail(1000, 10'000, 0.1), 0.5048759163093224, 1e-10);
  EXPECT_NEAR(binomial_upper_tail(1100, 10'000, 0.1) / 0.00052994173555679, 1.0, 1e-8);
  EXPECT_NEAR(binomial_upper_tail(900, 10'000, 0.1), 0.9996601426821334, 1e-10);
}

TEST(BinomialUpperTail, IsCertainOrImpossibleAtTheEnds) {
  EXPECT_EQ(binomial_upper_tail(0, 10, 0.3), 1.0);
  EXPECT_EQ(binomial_upper_tail(11, 10, 0.3), 0.0);
  EXPECT_EQ(binomial_upper_tail(1, 10, 0.0), 0.0);
  EXPECT_EQ(binomial_upper_tail(10, 10, 1.0), 1.0);
}

// No success of n: 1 - (1 - confidence)^(1 / n). All but one of n: confidence^(1 / n).
TEST(BinomialUpperLimit, IsTheClosedFormForNoneAndForAllButOne) {
  for (const double confidence : {0.9, 0.975, 1.0 - 1e-6}) {
    for (const int n : {1, 5, 3000}) {
      const double none = -std::expm1(std::log1p(-confidence) / n);
      EXPECT_LT(relative_error(binomial_upper_limit(0, n, confidence), none), 1e-9) << n;
      const double most = std::pow(confidence, 1.0 / n);
      EXPECT_NEAR(binomial_upper_limit(n - 1, n, confidence), most, 1e-12) << n;
      EXPECT_EQ(binomial_upper_limit(n, n, confidence), 1.0);
    }
  }
}

TEST(LogFactorial, IsThatOfSmallNumbers) {
  double factorial = 1.0;
  for (int n = 0; n <= 20; ++n) {
    if (n > 0) factorial *= n;
    EXPECT_NEAR(log_factorial(n), std::log(factorial), 1e-13 * (1.0 + std::log(factorial))) << n;
  }
}

}  // namespace
}  // namespace minima
