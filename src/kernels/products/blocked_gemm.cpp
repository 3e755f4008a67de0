#include "kernels/products/blocked_gemm.h"

#include <algorithm>

#include "kernels/products/portable_gemm.h"

namespace minima::kernels {
namespace {

// Measured on shapes from 32 x 32 x 1792 to 2048 x 784 x 112.
constexpr int kRows = 2048;
constexpr int kColumns = 128;
constexpr int kPages = 64;         // of A, or of a transposed B
constexpr int kPageFloats = 1024;  // 4 KB
constexpr int kFloatsOfA = 128 * 1024;

int deepest(const GemmShape& s, int rows) {
  const int stride = s.transpose_b ? std::max(s.lda, s.ldb) : s.lda;
  const int within_pages = kPages * std::max(1, kPageFloats / stride);
  return std::max(kPages, std::min(within_pages, kFloatsOfA / rows));
}

// The size of the parts if `size` is split equally: at most `most`, and a multiple of `step`.
int part_of(int size, int most, int step) {
  const int parts = (size + most - 1) / most;
  const int part = (size + parts - 1) / parts;
  return (part + step - 1) / step * step;
}

}  // namespace

BlockedGemm::BlockedGemm(const GemmShape& s) {
  check_gemm_shape(s);
  const int rows = part_of(s.m, kRows, 16);
  const int columns = part_of(s.n, kColumns, 1);
  const int depth = part_of(s.k, deepest(s, std::min(rows, s.m)), 1);
  const auto offset = [](int row, int column, int stride) {
    return static_cast<std::size_t>(row) + static_cast<std::size_t>(column) * stride;
  };
  for (int i = 0; i < s.m; i += rows) {
    for (int j = 0; j < s.n; j += columns) {
      for (int k = 0; k < s.k; k += depth) {
        GemmShape piece = s;
        piece.m = std::min(rows, s.m - i);
        piece.n = std::min(columns, s.n - j);
        piece.k = std::min(depth, s.k - k);
        piece.accumulate = s.accumulate || k > 0;
        pieces_.push_back({.gemm = Gemm(piece),
                           .a = offset(i, k, s.lda),
                           .b = s.transpose_b ? offset(j, k, s.ldb) : offset(k, j, s.ldb),
                           .c = offset(i, j, s.ldc)});
      }
    }
  }
}

}  // namespace minima::kernels
