#include "kernels/transpose.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/transpose.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// After highway.h.
#include "kernels/transpose_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Sixteen rows at a time fill whole cache lines of the result before leaving them.
constexpr std::size_t kRowsAtATime = 16;

void Transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride) {
  const std::size_t full_rows = rows / 4 * 4;
  const std::size_t full_columns = columns / 4 * 4;
  for (std::size_t top = 0; top < full_rows; top += kRowsAtATime) {
    const std::size_t bottom = HWY_MIN(top + kRowsAtATime, full_rows);
    for (std::size_t c = 0; c < full_columns; c += 4) {
      for (std::size_t r = top; r < bottom; r += 4) {
        TransposeTile(from + r * from_stride + c, from_stride, to + c * to_stride + r, to_stride);
      }
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = r < full_rows ? full_columns : 0; c < columns; ++c) {
      to[c * to_stride + r] = from[r * from_stride + c];
    }
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(Transpose);

void transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride) {
  HWY_DYNAMIC_DISPATCH(Transpose)(from, rows, columns, from_stride, to, to_stride);
}

}  // namespace minima::kernels
#endif
