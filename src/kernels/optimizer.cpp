#include "kernels/optimizer.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/optimizer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

// Sums of squares are gathered in single precision over this many elements, then in double.
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

// An infinite v would turn the refined root into NaN; the true update is then zero or NaN as well,
// and such a run is found by its loss.
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

// New moments and weights from old ones, all by reference.
HWY_INLINE void AdamLanes(const AdamConstants& k, V gradient, V& w, V& m, V& v) {
  const auto g = hn::MulAdd(k.l2, w, gradient);
  m = hn::MulAdd(k.beta1, m, hn::Mul(k.rest1, g));
  v = hn::MulAdd(k.beta2, v, hn::Mul(k.rest2, hn::Mul(g, g)));
  const auto denominator = hn::MulAdd(SquareRoot(k, v), k.correction, k.epsilon);
  const auto step = hn::Mul(k.step_size, hn::Mul(m, Reciprocal(k, denominator)));
  w = hn::NegMulAdd(hn::Set(k.d, 1.0F), step, hn::Mul(k.decay, w));
}

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
    squares = hn::MulAdd(g, g, squares);
  }
  if (i < count) {
    const auto valid = hn::FirstN(d, count - i);
    const auto g = hn::MaskedLoad(valid, d, gradient + i);
    auto w = hn::MaskedLoad(valid, d, weights + i);
    auto m = hn::MaskedLoad(valid, d, first + i);
    auto v = hn::MaskedLoad(valid, d, second + i);
    AdamLanes(k, g, w, m, v);
    hn::BlendedStore(w, valid, d, weights + i);
    hn::BlendedStore(m, valid, d, first + i);
    hn::BlendedStore(v, valid, d, second + i);
    squares = hn::MulAdd(g, g, squares);
  }
  return hn::GetLane(hn::SumOfLanes(d, squares));
}

double Adam(const AdamStep& step, const float* gradient, std::size_t count, float* weights,
            float* first, float* second) {
  const AdamConstants constants(step);
  double squares = 0.0;
  for (std::size_t i = 0; i < count; i += kPiece) {
    squares += static_cast<double>(AdamPiece(constants, gradient + i, std::min(kPiece, count - i),
                                             weights + i, first + i, second + i));
  }
  return squares;
}

HWY_INLINE float SgdPiece(const SgdStep& s, const float* gradient, std::size_t count,
                          float* weights, float* velocities) {
  const D d;
  const auto rate = hn::Set(d, s.learning_rate);
  const auto momentum = hn::Set(d, s.momentum);
  const auto l2 = hn::Set(d, s.l2);
  auto squares = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto valid = hn::FirstN(d, count - i);
    const auto g = hn::MaskedLoad(valid, d, gradient + i);
    const auto w = hn::MaskedLoad(valid, d, weights + i);
    const auto u =
        hn::MulAdd(momentum, hn::MaskedLoad(valid, d, velocities + i), hn::MulAdd(l2, w, g));
    hn::BlendedStore(u, valid, d, velocities + i);
    hn::BlendedStore(hn::NegMulAdd(rate, u, w), valid, d, weights + i);
    squares = hn::MulAdd(g, g, squares);
  }
  return hn::GetLane(hn::SumOfLanes(d, squares));
}

double Sgd(const SgdStep& step, const float* gradient, std::size_t count, float* weights,
           float* velocities) {
  double squares = 0.0;
  for (std::size_t i = 0; i < count; i += kPiece) {
    squares += static_cast<double>(
        SgdPiece(step, gradient + i, std::min(kPiece, count - i), weights + i, velocities + i));
  }
  return squares;
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(Adam);
HWY_EXPORT(Sgd);

double adam(const AdamStep& step, const float* gradient, std::size_t count, float* weights,
            float* first_moments, float* second_moments) {
  return HWY_DYNAMIC_DISPATCH(Adam)(step, gradient, count, weights, first_moments, second_moments);
}

double sgd(const SgdStep& step, const float* gradient, std::size_t count, float* weights,
           float* velocities) {
  return HWY_DYNAMIC_DISPATCH(Sgd)(step, gradient, count, weights, velocities);
}

}  // namespace minima::kernels
#endif
