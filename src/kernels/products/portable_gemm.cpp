#include "kernels/products/portable_gemm.h"

#include <stdexcept>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/products/portable_gemm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector/partial-inl.h"

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Column j of B, element by element: b[k * step].
struct Column {
  const float* at;
  std::ptrdiff_t step;
};

// A block of C, two vectors of rows by four columns, stays in registers over the whole of k.
template <int kColumns, class D>
HWY_INLINE void block(D d, const GemmShape& s, const float* a, const Column* b, float* c,
                      std::size_t rows) {
  const std::size_t lanes = hn::Lanes(d);
  const bool two = rows > lanes;
  const std::size_t first = two ? lanes : rows;
  const std::size_t second = two ? rows - lanes : 0;
  hn::Vec<D> sum0[kColumns];
  hn::Vec<D> sum1[kColumns];
  for (int j = 0; j < kColumns; ++j) {
    float* column = c + static_cast<std::ptrdiff_t>(j) * s.ldc;
    sum0[j] = s.accumulate ? LoadFirst(d, first, column) : hn::Zero(d);
    sum1[j] = s.accumulate && two ? LoadFirst(d, second, column + lanes) : hn::Zero(d);
  }
  for (int k = 0; k < s.k; ++k) {
    const float* row = a + static_cast<std::ptrdiff_t>(k) * s.lda;
    const auto a0 = LoadFirst(d, first, row);
    const auto a1 = two ? LoadFirst(d, second, row + lanes) : hn::Zero(d);
    for (int j = 0; j < kColumns; ++j) {
      const auto value = hn::Set(d, b[j].at[k * b[j].step]);
      sum0[j] = hn::MulAdd(a0, value, sum0[j]);
      sum1[j] = hn::MulAdd(a1, value, sum1[j]);
    }
  }
  for (int j = 0; j < kColumns; ++j) {
    float* column = c + static_cast<std::ptrdiff_t>(j) * s.ldc;
    StoreFirst(sum0[j], d, first, column);
    if (two) StoreFirst(sum1[j], d, second, column + lanes);
  }
}

void Product(const GemmShape& s, const float* a, const float* b, float* c) {
  const hn::CappedTag<float, 16> d;
  const std::size_t step = 2 * hn::Lanes(d);
  for (int j = 0; j < s.n;) {
    const int columns = s.n - j >= 4 ? 4 : 1;
    Column column[4];
    for (int i = 0; i < columns; ++i) {
      const std::ptrdiff_t n = j + i;
      column[i] = s.transpose_b ? Column{b + n, s.ldb} : Column{b + n * s.ldb, 1};
    }
    float* target = c + static_cast<std::ptrdiff_t>(j) * s.ldc;
    for (std::size_t i = 0; i < static_cast<std::size_t>(s.m); i += step) {
      const std::size_t left = static_cast<std::size_t>(s.m) - i;
      const std::size_t rows = left < step ? left : step;
      if (columns == 4) {
        block<4>(d, s, a + i, column, target + i, rows);
      } else {
        block<1>(d, s, a + i, column, target + i, rows);
      }
    }
    j += columns;
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(Product);

void portable_gemm(const GemmShape& shape, const float* a, const float* b, float* c) {
  HWY_DYNAMIC_DISPATCH(Product)(shape, a, b, c);
}

void check_gemm_shape(const GemmShape& s) {
  const bool possible = s.m > 0 && s.n > 0 && s.k > 0 && s.lda >= s.m && s.ldc >= s.m &&
                        s.ldb >= (s.transpose_b ? s.n : s.k);
  if (!possible) throw std::invalid_argument("impossible shape of a matrix product");
}

}  // namespace minima::kernels
#endif
