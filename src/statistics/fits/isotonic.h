// Least squares under a monotonicity constraint.
#pragma once

#include <span>
#include <vector>

namespace minima {

/// The nondecreasing sequence that minimises sum of w (y - fit)^2, by pooling adjacent violators
/// (Ayer et al. 1955; O(n)). Weights must not be negative; a pool of zero total weight gets the
/// plain mean. There must be one weight per value.
[[nodiscard]] std::vector<double> isotonic_fit(std::span<const double> values,
                                               std::span<const double> weights);

/// The nonincreasing sequence.
[[nodiscard]] std::vector<double> antitonic_fit(std::span<const double> values,
                                                std::span<const double> weights);

}  // namespace minima
