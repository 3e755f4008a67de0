// Least squares under monotonicity.
#pragma once

#include <span>
#include <vector>

namespace minima {

/// The nondecreasing sequence with the least sum of w (y - fit)^2, by pooling adjacent violators
/// (Ayer et al. 1955; O(n)). Weights are not negative; where all that is pooled weighs nothing, the
/// fit is the plain mean. As many weights as values.
[[nodiscard]] std::vector<double> isotonic_fit(std::span<const double> values,
                                               std::span<const double> weights);

/// The nonincreasing one.
[[nodiscard]] std::vector<double> antitonic_fit(std::span<const double> values,
                                                std::span<const double> weights);

}  // namespace minima
