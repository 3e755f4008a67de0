// One-dimensional natural breaks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace minima {

/// The smallest member of each of the classes, ascending, of the division into `classes` classes
/// with the least sum of squared distances from the class means (Fisher 1958; k-means in one
/// dimension). Exact, by dynamic programming in O(classes n log n). Equal values are never divided,
/// so there are as many classes as distinct values if those are fewer. `classes` > 0; no NaN; any
/// order.
[[nodiscard]] std::vector<double> natural_breaks(std::span<const double> values,
                                                 std::size_t classes);

}  // namespace minima
