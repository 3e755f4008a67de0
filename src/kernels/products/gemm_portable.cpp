// CMake selects this file if libxsmm is missing.
#include <stdexcept>

#include "kernels/products/gemm.h"
#include "kernels/products/gemm_kernels.h"
#include "kernels/products/portable_gemm.h"

namespace minima::kernels {

Gemm::Gemm(const GemmShape& shape) : shape_(shape) {
  check_gemm_shape(shape);
}

void Gemm::operator()(const float* a, const float* b, float* c) const {
  if (shape_.m == 0) throw std::logic_error("a matrix product that was not prepared");
  portable_gemm(shape_, a, b, c);
}

std::string gemm_library() {
  return "portable";
}

GemmKernelCounts gemm_kernel_counts() {
  return {};
}

void keep_idle_gemm_kernels(std::size_t /*most*/) {}

void use_gemm_target(const std::string& /*name*/) {}

}  // namespace minima::kernels
