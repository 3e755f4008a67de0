// Pooling with the batch as the fastest index: input [channels][height][width][S].
#pragma once

#include <cstddef>

namespace minima::kernels {

struct PoolingShape {
  std::size_t channels = 1;
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t lanes = 0;  ///< S

  [[nodiscard]] std::size_t rows() const { return height / 2; }
  [[nodiscard]] std::size_t columns() const { return width / 2; }
};

/// output[c][y][x] = maximum of the 2 x 2 inputs at (2y, 2x).
void max_pool(const PoolingShape& shape, const float* input, float* output);
/// Each gradient goes to the first of the largest inputs; every other input gets zero.
void max_pool_backward(const PoolingShape& shape, const float* input, const float* output,
                       const float* output_gradient, float* input_gradient);

/// output[c][y][x] = mean of the 2 x 2 inputs at (2y, 2x).
void average_pool(const PoolingShape& shape, const float* input, float* output);
void average_pool_backward(const PoolingShape& shape, const float* output_gradient,
                           float* input_gradient);

/// output[c] = mean of the channel's pixels.
void global_average_pool(const PoolingShape& shape, const float* input, float* output);
void global_average_pool_backward(const PoolingShape& shape, const float* output_gradient,
                                  float* input_gradient);

}  // namespace minima::kernels
