// A reference implementation of every kernel: the definition as plain loops, with sums in double
// precision. Tests compare the fast kernels with it. Other code uses only the integer products, on
// targets without vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/products/gemm.h"
#include "kernels/training/loss.h"
#include "kernels/training/optimizer.h"
#include "kernels/vector/images.h"

namespace minima::kernels::reference {

void gemm(const GemmShape& shape, const float* a, const float* b, float* c);
void add_bias(float* y, const float* bias, std::size_t rows, std::size_t stride, bool relu);
void activation_backward(float* dy, const float* y, float* bias_gradient, std::size_t rows,
                         std::size_t stride);
void update_row_max(const float* y, std::size_t rows, std::size_t stride, std::size_t count,
                    float* row_max);
void transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride);
void scale_pixels(const std::uint8_t* image, std::size_t pixels_per_channel,
                  std::span<const float> scale, std::span<const float> shift, float* values);
void load_images(std::span<const std::uint8_t* const> images, std::size_t pixels_per_channel,
                 std::span<const float> scale, std::span<const float> shift,
                 const LoadedImages& to);
LossSums softmax_cross_entropy(const LossArguments& arguments);
LossSums mean_squared_error(const LossArguments& arguments);
double adam(const AdamStep& step, const float* gradient, std::size_t count, float* weights,
            float* first_moments, float* second_moments);
double sgd(const SgdStep& step, const float* gradient, std::size_t count, float* weights,
           float* velocities);

}  // namespace minima::kernels::reference
