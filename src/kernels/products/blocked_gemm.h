#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

#include "kernels/products/gemm.h"

namespace minima::kernels {

/// A product of any size, split into pieces that stay close in memory. A single prepared kernel
/// runs at half speed in two cases: if hundreds of columns of A each lie on a page of their own
/// (TLB misses), or if the part of A that every few columns of C reread exceeds the cache.
class BlockedGemm {
 public:
  BlockedGemm() = default;  ///< empty: must not be called
  /// Throws as Gemm does.
  explicit BlockedGemm(const GemmShape& shape);

  void operator()(const float* a, const float* b, float* c) const {
    if (pieces_.empty()) throw std::logic_error("a matrix product that was not prepared");
    for (const Piece& piece : pieces_) piece.gemm(a + piece.a, b + piece.b, c + piece.c);
  }

 private:
  struct Piece {
    Gemm gemm;
    std::size_t a = 0;  // offsets
    std::size_t b = 0;
    std::size_t c = 0;
  };
  std::vector<Piece> pieces_;
};

}  // namespace minima::kernels
