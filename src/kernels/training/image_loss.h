// The losses of one image in double precision. They define what kernels/training/loss.h computes
// for a batch.
#pragma once

#include <cstddef>
#include <span>

namespace minima::kernels {

/// Softmax cross-entropy. `below_largest`: each logit minus the largest one.
[[nodiscard]] double cross_entropy_of_image(std::span<const double> below_largest,
                                            std::size_t label);

/// Squared error of the logits against 1 for the label and 0 for the others, averaged over classes.
[[nodiscard]] double squared_error_of_image(std::span<const double> logits, std::size_t label);

}  // namespace minima::kernels
