#pragma once

namespace minima {

/// Tolerance for rounding. Sums of the same numbers in another order differ by less, while
/// accuracies and fractions that really differ always differ by more.
inline constexpr double kRounding = 1e-9;

}  // namespace minima
