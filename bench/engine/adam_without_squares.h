#pragma once

#include "kernels/training/optimizer.h"

namespace minima::kernels {

/// kernels::adam without the sum of squares of the gradient: the cost of training without
/// recording.
void adam_without_squares(const AdamStep& step, const float* gradient, std::size_t count,
                          float* weights, float* first_moments, float* second_moments);

}  // namespace minima::kernels
