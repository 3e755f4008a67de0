// Sweeps over the activations of tokens: [rows][tokens][stride], the batch fastest.
#pragma once

#include <cstddef>

namespace minima::kernels {

/// y[r][b] += bias[r] + residual[r][b].
void add_bias_and_residual(float* y, const float* bias, const float* residual, std::size_t rows,
                           std::size_t stride);

/// sums[r] = sum over b of x[r][b].
void row_sums(const float* x, std::size_t rows, std::size_t stride, float* sums);

/// y[r][b] = mean over t of x[r][t][b].
void mean_over_tokens(const float* x, std::size_t rows, std::size_t tokens, std::size_t stride,
                      float* y);

/// The derivative of mean_over_tokens: dx[r][t][b] = dy[r][b] / tokens.
void mean_over_tokens_backward(const float* dy, std::size_t rows, std::size_t tokens,
                               std::size_t stride, float* dx);

}  // namespace minima::kernels
