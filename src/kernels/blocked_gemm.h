#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

#include "kernels/gemm.h"

namespace minima::kernels {

/// A product of any size, made of pieces that keep to what is near: a prepared kernel alone runs at
/// half speed when a column of A lies on a page of its own and there are hundreds (the translation
/// buffer misses), or when the A that each few columns of C need again outgrows the cache.
class BlockedGemm {
 public:
  BlockedGemm() = default;  ///< not to be called
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
