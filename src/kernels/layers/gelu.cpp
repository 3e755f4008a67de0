#include "kernels/layers/gelu.h"

#include "kernels/layers/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/gelu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Include after highway.h.
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, kBatchMultiple>;
using V = hn::Vec<D>;

// erfc(z) exp(z^2) = sum over k = 1..9 of c[k] t^k with t = 1 / (1 + 0.375 z). The form is that of
// Abramowitz and Stegun 7.1.26, refitted to a relative error of 1.1e-8 for 0 <= z <= 9.5. The
// density also contains exp(-z^2), so value and slope share this factor.
constexpr float kErfc[] = {0.2116144153F, 0.2106335006F,  0.2054304129F,
                           0.1210390076F, 0.2748440034F,  -0.2310762414F,
                           0.4338936133F, -0.2880752978F, 0.06169659744F};
constexpr float kErfcStep = 0.375F;
constexpr float kInverseSqrt2 = 0.70710678118F;
constexpr float kInverseSqrt2Pi = 0.39894228040F;

struct NormalLaw {
  V distribution;
  V density;
};

// The processor's approximation (8 to 14 bits) plus two Newton steps is faster than a division.
HWY_INLINE V Reciprocal(V y) {
  const V two = hn::Set(D(), 2.0F);
  V r = hn::ApproximateReciprocal(y);
  r = hn::Mul(r, hn::NegMulAdd(y, r, two));
  return hn::Mul(r, hn::NegMulAdd(y, r, two));
}

HWY_INLINE NormalLaw NormalAt(V x) {
  const D d;
  const V t =
      Reciprocal(hn::MulAdd(hn::Abs(x), hn::Set(d, kErfcStep * kInverseSqrt2), hn::Set(d, 1.0F)));
  const V bell = hn::Exp(d, hn::Mul(hn::Mul(x, x), hn::Set(d, -0.5F)));
  V sum = hn::Set(d, 0.5F * kErfc[8]);
  for (int k = 7; k >= 0; --k) sum = hn::MulAdd(sum, t, hn::Set(d, 0.5F * kErfc[k]));
  const V tail = hn::Mul(hn::Mul(sum, t), bell);  // Phi(-|x|)
  const V distribution =
      hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(hn::Set(d, 1.0F), tail));
  return {distribution, hn::Mul(bell, hn::Set(d, kInverseSqrt2Pi))};
}

void AddBiasGelu(float* y, const float* bias, float* slope, std::size_t rows, std::size_t stride) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r) {
    const V shift = hn::Set(d, bias[r]);
    float* values = y + r * stride;
    float* slopes = slope + r * stride;
    for (std::size_t b = 0; b < stride; b += hn::Lanes(d)) {
      const V x = hn::Add(hn::Load(d, values + b), shift);
      const NormalLaw law = NormalAt(x);
      hn::Store(hn::Mul(x, law.distribution), d, values + b);
      hn::Store(hn::MulAdd(x, law.density, law.distribution), d, slopes + b);
    }
  }
}

void MultiplyBySlope(float* dy, const float* slope, float* bias_gradient, std::size_t rows,
                     std::size_t stride) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r) {
    V sum = hn::Zero(d);
    for (std::size_t i = r * stride; i < (r + 1) * stride; i += hn::Lanes(d)) {
      const V gradient = hn::Mul(hn::Load(d, dy + i), hn::Load(d, slope + i));
      hn::Store(gradient, d, dy + i);
      sum = hn::Add(sum, gradient);
    }
    bias_gradient[r] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(AddBiasGelu);
HWY_EXPORT(MultiplyBySlope);

void add_bias_gelu(float* y, const float* bias, float* slope, std::size_t rows,
                   std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(AddBiasGelu)(y, bias, slope, rows, stride);
}

void multiply_by_slope(float* dy, const float* slope, float* bias_gradient, std::size_t rows,
                       std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(MultiplyBySlope)(dy, slope, bias_gradient, rows, stride);
}

}  // namespace minima::kernels
#endif
