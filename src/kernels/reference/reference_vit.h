// Reference implementations of the kernels of vision transformers; see reference.h.
#pragma once

#include "kernels/layers/attention.h"
#include "kernels/layers/dropout.h"
#include "kernels/layers/layer_norm.h"

namespace minima::kernels::reference {

void attention(const AttentionShape& shape, const AttentionForward& arrays);
void attention_backward(const AttentionShape& shape, const AttentionBackward& arrays);
void layer_norm(const LayerNormShape& shape, const LayerNormForward& arrays);
void layer_norm_backward(const LayerNormShape& shape, const LayerNormBackward& arrays);
void add_bias_gelu(float* y, const float* bias, float* slope, std::size_t rows, std::size_t stride);
void multiply_by_slope(float* dy, const float* slope, float* bias_gradient, std::size_t rows,
                       std::size_t stride);
void add_bias_and_residual(float* y, const float* bias, const float* residual, std::size_t rows,
                           std::size_t stride);
void row_sums(const float* x, std::size_t rows, std::size_t stride, float* sums);
void mean_over_tokens(const float* x, std::size_t rows, std::size_t tokens, std::size_t stride,
                      float* y);
void mean_over_tokens_backward(const float* dy, std::size_t rows, std::size_t tokens,
                               std::size_t stride, float* dx);
/// The factor of one row and lane.
[[nodiscard]] float dropout_factor(const DropoutMask& mask, std::size_t row, std::size_t lane);
void dropout_factors(const DropoutMask& mask, float* factors);
void dropout(const DropoutMask& mask, const float* x, const float* residual, float* y);
void dropout_groups(const DropoutMask& mask, std::size_t width, float* x);

}  // namespace minima::kernels::reference
