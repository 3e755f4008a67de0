// Sweeps over activations. Shapes: rows x stride, the batch fastest; `stride` is the batch rounded
// up to kBatchMultiple, so that vector loops have no tails. Lanes beyond the batch are padding:
// they hold unspecified values after the forward pass, and their gradients are zero.
#pragma once

#include <cstddef>
#include <string>

namespace minima::kernels {

inline constexpr std::size_t kBatchMultiple = 16;

/// y[r][b] += bias[r], then max(0, .) if `relu`.
void add_bias(float* y, const float* bias, std::size_t rows, std::size_t stride, bool relu);

/// dy[r][b] = 0 if y[r][b] <= 0 (y null: dy unchanged); bias_gradient[r] = sum over b of dy[r][b].
void activation_backward(float* dy, const float* y, float* bias_gradient, std::size_t rows,
                         std::size_t stride);

/// row_max[r] = max(row_max[r], y[r][0..count-1]).
void update_row_max(const float* y, std::size_t rows, std::size_t stride, std::size_t count,
                    float* row_max);

/// Instruction set of the kernels in use: "AVX3", "AVX2", ...
[[nodiscard]] std::string instruction_set();

}  // namespace minima::kernels
