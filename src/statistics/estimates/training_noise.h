// How much rounding can change the accuracy of a network. docs/decisions/0017 has the measurements.
#pragma once

#include <cstdint>

namespace minima {

/// The largest number of test images by which the accuracy may differ when a network is evaluated
/// again, not retrained, on a processor that rounds differently: two, plus one per 500 images. Only
/// images on which the network is nearly undecided between classes can change.
[[nodiscard]] std::int64_t recomputed_difference(std::int64_t images);

/// The same for a network that is trained again: two, plus one per 20 images. Rounding makes
/// training end with slightly different weights.
[[nodiscard]] std::int64_t retrained_difference(std::int64_t images);

}  // namespace minima
