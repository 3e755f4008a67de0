// Adam over an array in one sweep over memory. Compiled once per instruction set, hence the unusual
// include guard.
#if defined(MINIMA_KERNELS_ADAM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MINIMA_KERNELS_ADAM_INL_H_
#undef MINIMA_KERNELS_ADAM_INL_H_
#else
#define MINIMA_KERNELS_ADAM_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <limits>

#include "kernels/training/optimizer.h"
#include "kernels/vector/partial-inl.h"

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

// Sums of squares accumulate in single precision over this many elements, then in double.
constexpr std::size_t kPiece = 4096;

struct AdamConstants {
  D d;
  V step_size, correction, beta1, rest1, beta2, rest2, epsilon, l2, decay, tiny, half, three_halves,
      two;

  explicit AdamConstants(const AdamStep& s)
      : step_size(hn::Set(d, s.step_size)),
        correction(hn::Set(d, s.inverse_sqrt_correction)),
        beta1(hn::Set(d, s.beta1)),
        rest1(hn::Set(d, s.one_minus_beta1)),
        beta2(hn::Set(d, s.beta2)),
        rest2(hn::Set(d, s.one_minus_beta2)),
        epsilon(hn::Set(d, s.epsilon)),
        l2(hn::Set(d, s.l2)),
        decay(hn::Set(d, s.decay)),
        tiny(hn::Set(d, std::numeric_limits<float>::min())),
        half(hn::Set(d, 0.5F)),
        three_halves(hn::Set(d, 1.5F)),
        two(hn::Set(d, 2.0F)) {}
};

// An infinite v gives NaN here. The exact update would be zero or NaN as well, and the loss reveals
// such a run.
HWY_INLINE V SquareRoot(const AdamConstants& k, V v) {
  const auto safe = hn::Max(v, k.tiny);
  auto y = hn::ApproximateReciprocalSqrt(safe);
  const auto half_safe = hn::Mul(safe, k.half);
  y = hn::Mul(y, hn::NegMulAdd(half_safe, hn::Mul(y, y), k.three_halves));
  return hn::Mul(v, y);
}

HWY_INLINE V Reciprocal(const AdamConstants& k, V x) {
  const auto y = hn::ApproximateReciprocal(x);
  return hn::Mul(y, hn::NegMulAdd(x, y, k.two));
}

// Updates moments and weights in place.
HWY_INLINE void AdamLanes(const AdamConstants& k, V gradient, V& w, V& m, V& v) {
  const auto g = hn::MulAdd(k.l2, w, gradient);
  m = hn::MulAdd(k.beta1, m, hn::Mul(k.rest1, g));
  v = hn::MulAdd(k.beta2, v, hn::Mul(k.rest2, hn::Mul(g, g)));
  const auto denominator = hn::MulAdd(SquareRoot(k, v), k.correction, k.epsilon);
  const auto step = hn::Mul(k.step_size, hn::Mul(m, Reciprocal(k, denominator)));
  w = hn::NegMulAdd(hn::Set(k.d, 1.0F), step, hn::Mul(k.decay, w));
}

// kSquares = false serves the benchmark that measures the cost of the sum.
template <bool kSquares>
HWY_INLINE float AdamPiece(const AdamConstants& k, const float* gradient, std::size_t count,
                           float* weights, float* first, float* second) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  auto squares = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto g = hn::LoadU(d, gradient + i);
    auto w = hn::LoadU(d, weights + i);
    auto m = hn::LoadU(d, first + i);
    auto v = hn::LoadU(d, second + i);
    AdamLanes(k, g, w, m, v);
    hn::StoreU(w, d, weights + i);
    hn::StoreU(m, d, first + i);
    hn::StoreU(v, d, second + i);
    if constexpr (kSquares) squares = hn::MulAdd(g, g, squares);
  }
  if (i < count) {
    const std::size_t left = count - i;
    const auto g = LoadFirst(d, left, gradient + i);
    auto w = LoadFirst(d, left, weights + i);
    auto m = LoadFirst(d, left, first + i);
    auto v = LoadFirst(d, left, second + i);
    AdamLanes(k, g, w, m, v);
    StoreFirst(w, d, left, weights + i);
    StoreFirst(m, d, left, first + i);
    StoreFirst(v, d, left, second + i);
    if constexpr (kSquares) squares = hn::MulAdd(g, g, squares);
  }
  return hn::GetLane(hn::SumOfLanes(d, squares));
}

template <bool kSquares>
HWY_INLINE double AdamSweep(const AdamStep& step, const float* gradient, std::size_t count,
                            float* weights, float* first, float* second) {
  const AdamConstants constants(step);
  double squares = 0.0;
  for (std::size_t i = 0; i < count; i += kPiece) {
    squares += static_cast<double>(AdamPiece<kSquares>(
        constants, gradient + i, std::min(kPiece, count - i), weights + i, first + i, second + i));
  }
  return squares;
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
