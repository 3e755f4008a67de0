// Natural breaks: optimal clustering in one dimension.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace minima {

/// The smallest value of each class, ascending, for the division into `classes` classes that
/// minimises the sum of squared distances from the class means (Fisher 1958; k-means in one
/// dimension). Exact, by dynamic programming in O(classes n log n). Equal values are never divided,
/// so there are at most as many classes as distinct values. `classes` > 0; no NaN; any order.
[[nodiscard]] std::vector<double> natural_breaks(std::span<const double> values,
                                                 std::size_t classes);

}  // namespace minima
