// The 4 x 4 tile that transpositions are built from. Compiled once per instruction set, hence the
// unusual include guard.
#if defined(MINIMA_KERNELS_TRANSPOSE_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MINIMA_KERNELS_TRANSPOSE_TILE_INL_H_
#undef MINIMA_KERNELS_TRANSPOSE_TILE_INL_H_
#else
#define MINIMA_KERNELS_TRANSPOSE_TILE_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
// Highway's scalar target has no vectors of four.
HWY_INLINE void TransposeTile(const float* from, std::size_t from_stride, float* to,
                              std::size_t to_stride) {
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t c = 0; c < 4; ++c) to[c * to_stride + r] = from[r * from_stride + c];
  }
}
#else
// 4 x 4 tiles in 128-bit registers: two rounds of interleaving pairs.
HWY_INLINE void TransposeTile(const float* from, std::size_t from_stride, float* to,
                              std::size_t to_stride) {
  const hn::FixedTag<float, 4> d;
  const hn::Repartition<double, decltype(d)> pairs;
  const auto r0 = hn::LoadU(d, from);
  const auto r1 = hn::LoadU(d, from + from_stride);
  const auto r2 = hn::LoadU(d, from + 2 * from_stride);
  const auto r3 = hn::LoadU(d, from + 3 * from_stride);
  const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, r0, r1));
  const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, r0, r1));
  const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, r2, r3));
  const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, r2, r3));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, to + to_stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, to + 2 * to_stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, to + 3 * to_stride);
}
#endif

// Sixteen rows at a time fill whole cache lines of the result.
constexpr std::size_t kStripRows = 16;

// Transposes at most kStripRows rows; otherwise as `transpose`.
HWY_INLINE void TransposeStrip(const float* from, std::size_t rows, std::size_t columns,
                               std::size_t from_stride, float* to, std::size_t to_stride) {
  const std::size_t full_rows = rows / 4 * 4;
  const std::size_t full_columns = columns / 4 * 4;
  for (std::size_t c = 0; c < full_columns; c += 4) {
    for (std::size_t r = 0; r < full_rows; r += 4) {
      TransposeTile(from + r * from_stride + c, from_stride, to + c * to_stride + r, to_stride);
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

#endif
