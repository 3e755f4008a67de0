// The only file that knows libxsmm (1.17).
#include <fmt/format.h>
#include <libxsmm.h>

#include "kernels/gemm.h"
#include "kernels/portable_gemm.h"

namespace minima::kernels {

Gemm::Gemm(const GemmShape& shape) : shape_(shape) {
  check_gemm_shape(shape);
  const float alpha = 1.0F;
  const float beta = shape.accumulate ? 1.0F : 0.0F;
  const int flags = shape.transpose_b ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
  const int prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  using Call = void (*)(const float*, const float*, float*);
  // Where no kernel can be made (no JIT for this processor) the pointer stays null. Kernels take
  // more (prefetch) arguments than are passed; without prefetch they are never read.
  kernel_ = reinterpret_cast<Call>(
      reinterpret_cast<void*>(libxsmm_smmdispatch(shape.m, shape.n, shape.k, &shape.lda, &shape.ldb,
                                                  &shape.ldc, &alpha, &beta, &flags, &prefetch)));
}

void Gemm::operator()(const float* a, const float* b, float* c) const {
  if (kernel_ != nullptr) {
    kernel_(a, b, c);
  } else {
    portable_gemm(shape_, a, b, c);
  }
}

std::string gemm_library() {
  libxsmm_init();
  return fmt::format("libxsmm {} ({})", LIBXSMM_VERSION, libxsmm_get_target_arch());
}

}  // namespace minima::kernels
