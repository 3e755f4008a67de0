// The Gaussian error linear unit (Hendrycks, Gimpel 2016) in its exact form x Phi(x), where Phi is
// the normal cumulative distribution function. Shapes as in elementwise.h.
#pragma once

#include <cstddef>

namespace minima::kernels {

/// x = y[r][b] + bias[r]; y[r][b] = gelu(x), slope[r][b] = gelu'(x) = Phi(x) + x phi(x). Absolute
/// error: below 4e-7 (1 + |x|) for y, below 4e-7 for the slope.
void add_bias_gelu(float* y, const float* bias, float* slope, std::size_t rows, std::size_t stride);

/// dy[r][b] *= slope[r][b]; bias_gradient[r] = sum over b of dy[r][b].
void multiply_by_slope(float* dy, const float* slope, float* bias_gradient, std::size_t rows,
                       std::size_t stride);

}  // namespace minima::kernels
