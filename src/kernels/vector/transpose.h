#pragma once

#include <cstddef>

namespace minima::kernels {

/// to[c * to_stride + r] = from[r * from_stride + c] for r < rows, c < columns.
void transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride);

}  // namespace minima::kernels
