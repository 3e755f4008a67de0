// Matrix products. A shape is prepared once (JIT-compiled if libxsmm is available) and called many
// times. Only one .cpp file knows which library computes it.
#pragma once

#include <memory>
#include <string>

namespace minima::kernels {

/// C[m x n] = A[m x k] * B[k x n], or C += ..., all column-major: element (i, j) of A is
/// a[i + j*lda]. In this project m is mostly the batch, which is the fastest index of activations.
struct GemmShape {
  int m = 0;
  int n = 0;
  int k = 0;
  int lda = 0;               ///< >= m
  int ldb = 0;               ///< >= k, or >= n if transposed
  int ldc = 0;               ///< >= m
  bool transpose_b = false;  ///< B is stored as [n x k], column-major
  bool accumulate = false;   ///< C += A * B

  bool operator==(const GemmShape&) const = default;
};

class GemmKernel;

/// A prepared product. A shape gives the same bits on every call and thread, whatever other
/// products the process has prepared. Copies share their kernel.
class Gemm {
 public:
  Gemm() = default;  ///< empty: must not be called
  /// Throws std::invalid_argument for sizes below 1 or leading dimensions that are too small.
  /// Throws a work error if libxsmm generates code for this processor but fails to for this shape.
  explicit Gemm(const GemmShape& shape);

  void operator()(const float* a, const float* b, float* c) const;

 private:
  GemmShape shape_;
  std::shared_ptr<const GemmKernel> kernel_;  // null: the portable product
  /// Entry point of the kernel. Unused without libxsmm.
  [[maybe_unused]] void (*call_)(const float*, const float*, float*) = nullptr;
};

/// "libxsmm 1.17 (cpx)" or "portable".
[[nodiscard]] std::string gemm_library();

}  // namespace minima::kernels
