// Student's t distribution, for intervals of means of few values.
#pragma once

#include <cstdint>

#include "statistics/statistics.h"

namespace minima {

/// P(|T| > t) for T of Student's t distribution with `df` > 0 degrees of freedom, t >= 0: the
/// regularised incomplete beta function of df / (df + t^2), df / 2 and 1 / 2.
[[nodiscard]] double student_t_two_sided_tail(double t, double df);

/// The t that |T| exceeds with probability 1 - confidence, 0 <= confidence < 1.
[[nodiscard]] double student_t_quantile(double confidence, double df);

/// Half the width of the interval of the mean: t sd / sqrt(n). 0 for fewer than two values, which
/// have no interval.
[[nodiscard]] double student_t_half_width(const Moments& values, double confidence);

}  // namespace minima
