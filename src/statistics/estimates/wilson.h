// Wilson's score interval of a binomial proportion (Wilson 1927).
#pragma once

#include <cstdint>

namespace minima {

struct ProportionInterval {
  double low = 0.0;
  double high = 1.0;
};

/// Limits for a fraction of successes `share`, 0..1, among `trials` > 0, which need not be an
/// integer. `quantile`: of the normal distribution, 1.96 for a confidence of 95 %.
[[nodiscard]] ProportionInterval wilson_limits(double share, double trials, double quantile);

/// The two-sided interval for a confidence between 0 and 1.
[[nodiscard]] ProportionInterval wilson_of_share(double share, double trials, double confidence);

/// The same for `successes` of `trials` > 0.
[[nodiscard]] ProportionInterval wilson_interval(std::int64_t successes, std::int64_t trials,
                                                 double confidence);

}  // namespace minima
