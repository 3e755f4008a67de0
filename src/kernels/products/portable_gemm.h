#pragma once

#include "kernels/products/gemm.h"

namespace minima::kernels {

/// The product written with Highway alone, for machines without libxsmm; always built and tested.
void portable_gemm(const GemmShape& shape, const float* a, const float* b, float* c);

/// Throws std::invalid_argument if the shape is invalid.
void check_gemm_shape(const GemmShape& shape);

}  // namespace minima::kernels
