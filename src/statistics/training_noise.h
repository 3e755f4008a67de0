// How far rounding can move the accuracy of a network. docs/decisions/0017 has the measurements.
#pragma once

#include <cstdint>

namespace minima {

/// Most test images by which the accuracy of a network differs where it is computed again, not
/// trained, on a processor that rounds otherwise: two, and one more for every 500. Only images
/// between whose classes the network hardly decides can change.
[[nodiscard]] std::int64_t recomputed_difference(std::int64_t images);

/// The same for a network that is trained again: two, and one more for every 20. Training follows
/// rounding to slightly other weights.
[[nodiscard]] std::int64_t retrained_difference(std::int64_t images);

}  // namespace minima
