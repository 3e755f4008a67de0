// Wilson's score interval of a binomial proportion (Wilson 1927).
#pragma once

#include <cstdint>

namespace minima {

struct ProportionInterval {
  double low = 0.0;
  double high = 1.0;
};

/// Two-sided, for `successes` of `trials` > 0 and a confidence between 0 and 1.
[[nodiscard]] ProportionInterval wilson_interval(std::int64_t successes, std::int64_t trials,
                                                 double confidence);

}  // namespace minima
