#include "kernels/vector/transpose.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/vector/transpose.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Include after highway.h.
#include "kernels/vector/transpose_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
void Transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride) {
  for (std::size_t top = 0; top < rows; top += kStripRows) {
    TransposeStrip(from + top * from_stride, HWY_MIN(kStripRows, rows - top), columns, from_stride,
                   to + top, to_stride);
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
