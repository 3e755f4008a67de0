// Chosen by CMake where libxsmm is missing.
#include "kernels/gemm.h"
#include "kernels/portable_gemm.h"

namespace minima::kernels {

Gemm::Gemm(const GemmShape& shape) : shape_(shape) {
  check_gemm_shape(shape);
}

void Gemm::operator()(const float* a, const float* b, float* c) const {
  portable_gemm(shape_, a, b, c);
}

std::string gemm_library() {
  return "portable";
}

}  // namespace minima::kernels
