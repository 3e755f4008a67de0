// Reference implementations of convolution and pooling.
#pragma once

#include "kernels/layers/convolution.h"
#include "kernels/layers/pooling.h"

namespace minima::kernels::reference {

/// The whole output [filters][rows][columns][S].
void convolution(const ConvolutionShape& shape, const float* input, const float* weights,
                 const float* bias, bool relu, float* output);
/// The whole weight gradient [filters][channels][k][k].
void convolution_weight_gradient(const ConvolutionShape& shape, const float* input,
                                 const float* output_gradient, float* gradient);

void max_pool(const PoolingShape& shape, const float* input, float* output);
void max_pool_backward(const PoolingShape& shape, const float* input, const float* output_gradient,
                       float* input_gradient);
void average_pool(const PoolingShape& shape, const float* input, float* output);
void average_pool_backward(const PoolingShape& shape, const float* output_gradient,
                           float* input_gradient);

}  // namespace minima::kernels::reference
