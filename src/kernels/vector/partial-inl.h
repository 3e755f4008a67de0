// Loads and stores of fewer values than a vector has lanes, at any alignment. Compiled once per
// instruction set, hence the unusual include guard.
#if defined(MINIMA_KERNELS_PARTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MINIMA_KERNELS_PARTIAL_INL_H_
#undef MINIMA_KERNELS_PARTIAL_INL_H_
#else
#define MINIMA_KERNELS_PARTIAL_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {

// On SSE4 and older, masked loads and stores access a whole vector and need it aligned.
#undef MINIMA_MASKS_MEMORY
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
#define MINIMA_MASKS_MEMORY 1
#else
#define MINIMA_MASKS_MEMORY 0
#endif

// Loads the first `count` values (at most the lanes of d) and fills the rest with zeros.
template <class D>
HWY_INLINE hwy::HWY_NAMESPACE::Vec<D> LoadFirst(D d, std::size_t count, const float* from) {
  namespace hn = hwy::HWY_NAMESPACE;
#if MINIMA_MASKS_MEMORY
  return hn::MaskedLoad(hn::FirstN(d, count), d, from);
#else
  if (count >= hn::Lanes(d)) return hn::LoadU(d, from);
  HWY_ALIGN float values[hn::MaxLanes(D())] = {};
  std::copy_n(from, count, values);
  return hn::Load(d, values);
#endif
}

// Stores the first `count` values; leaves the memory behind them unchanged.
template <class D>
HWY_INLINE void StoreFirst(hwy::HWY_NAMESPACE::Vec<D> v, D d, std::size_t count, float* to) {
  namespace hn = hwy::HWY_NAMESPACE;
#if MINIMA_MASKS_MEMORY
  hn::BlendedStore(v, hn::FirstN(d, count), d, to);
#else
  if (count >= hn::Lanes(d)) {
    hn::StoreU(v, d, to);
    return;
  }
  HWY_ALIGN float values[hn::MaxLanes(D())];
  hn::Store(v, d, values);
  std::copy_n(values, count, to);
#endif
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
