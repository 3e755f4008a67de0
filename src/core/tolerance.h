#pragma once

namespace minima {

/// Sums of the same numbers in another order differ by less than this, and no two accuracies or
/// fractions that mean different things do.
inline constexpr double kRounding = 1e-9;

}  // namespace minima
