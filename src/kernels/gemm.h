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

class GemmKernel;

/// A prepared product. The result of a shape has the same bits on every call and thread, whatever
/// other products the process has prepared. Copies share their kernel.
class Gemm {
 public:
  Gemm() = default;  ///< not to be called
  /// Throws std::invalid_argument for sizes below 1 or too small leading dimensions, and a work
  /// error where libxsmm makes kernels for this processor but cannot make this one.
  explicit Gemm(const GemmShape& shape);

  void operator()(const float* a, const float* b, float* c) const;

 private:
  GemmShape shape_;
  std::shared_ptr<const GemmKernel> kernel_;                    // null: the portable product
  void (*call_)(const float*, const float*, float*) = nullptr;  // of the kernel
};

/// "libxsmm 1.17 (cpx)" or "portable".
[[nodiscard]] std::string gemm_library();

}  // namespace minima::kernels
