// Matrix products. One shape is prepared once (a JIT-compiled kernel where libxsmm is there) and
// then called many times; which library does it is known to one .cpp file.
#pragma once

#include <memory>
#include <string>

namespace minima::kernels {

/// C[m x n] = A[m x k] * B[k x n], or C += ..., all column-major: element (i, j) of A at a[i +
/// j*lda]. In this project m is mostly the batch, which is the fastest index of activations.
struct GemmShape {
  int m = 0;
  int n = 0;
  int k = 0;
  int lda = 0;               ///< >= m
  int ldb = 0;               ///< >= k, or >= n when transposed
  int ldc = 0;               ///< >= m
  bool transpose_b = false;  ///< B is stored as [n x k] column-major
  bool accumulate = false;   ///< C += A * B

  bool operator==(const GemmShape&) const = default;
};

/// A prepared product. The result of a shape has the same bits on every call and thread.
class Gemm {
 public:
  Gemm() = default;
  /// Throws std::invalid_argument for sizes below 1 or too small leading dimensions.
  explicit Gemm(const GemmShape& shape);

  void operator()(const float* a, const float* b, float* c) const;

 private:
  GemmShape shape_;
  void (*kernel_)(const float*, const float*, float*) = nullptr;  // null: the portable product
};

/// "libxsmm 1.17 (cpx)" or "portable".
[[nodiscard]] std::string gemm_library();

}  // namespace minima::kernels
