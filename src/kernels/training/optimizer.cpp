#include "kernels/training/optimizer.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/training/optimizer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/training/adam-inl.h"
#include "kernels/vector/partial-inl.h"

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

double Adam(const AdamStep& step, const float* gradient, std::size_t count, float* weights,
            float* first, float* second) {
  return AdamSweep<true>(step, gradient, count, weights, first, second);
}

HWY_INLINE float SgdPiece(const SgdStep& s, const float* gradient, std::size_t count,
                          float* weights, float* velocities) {
  const D d;
  const auto rate = hn::Set(d, s.learning_rate);
  const auto momentum = hn::Set(d, s.momentum);
  const auto l2 = hn::Set(d, s.l2);
  auto squares = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const std::size_t n = std::min(count - i, hn::Lanes(d));
    const auto g = LoadFirst(d, n, gradient + i);
    const auto w = LoadFirst(d, n, weights + i);
    const auto u = hn::MulAdd(momentum, LoadFirst(d, n, velocities + i), hn::MulAdd(l2, w, g));
    StoreFirst(u, d, n, velocities + i);
    StoreFirst(hn::NegMulAdd(rate, u, w), d, n, weights + i);
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
