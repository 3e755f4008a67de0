#include "kernels/layers/layer_norm.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/layer_norm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

// Columns are processed in chunks. A chunk of all features stays in the L2 cache between the sweeps
// over it. Sums over the features are kept in a separate array, so that each sweep reads rows from
// left to right.
constexpr std::size_t kChunk = 256;
constexpr float kEpsilon = 1e-5F;

HWY_INLINE void Fill(float* values, std::size_t count, float value) {
  const D d;
  for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
    hn::Store(hn::Set(d, value), d, values + c);
  }
}

HWY_INLINE void Scale(float* values, std::size_t count, float factor) {
  const D d;
  for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
    hn::Store(hn::Mul(hn::Load(d, values + c), hn::Set(d, factor)), d, values + c);
  }
}

// Mean first, then the sum of squares around it: with separate sweeps a large mean costs no
// precision.
HWY_INLINE void Moments(const LayerNormShape& s, const float* x, std::size_t count, float* mean,
                        float* inverse_deviation) {
  const D d;
  const float share = 1.0F / static_cast<float>(s.features);
  Fill(mean, count, 0.0F);
  Fill(inverse_deviation, count, 0.0F);
  for (std::size_t f = 0; f < s.features; ++f) {
    const float* row = x + f * s.stride;
    for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
      hn::Store(hn::Add(hn::Load(d, mean + c), hn::Load(d, row + c)), d, mean + c);
    }
  }
  Scale(mean, count, share);
  for (std::size_t f = 0; f < s.features; ++f) {
    const float* row = x + f * s.stride;
    for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
      const V distance = hn::Sub(hn::Load(d, row + c), hn::Load(d, mean + c));
      const V sum = hn::Load(d, inverse_deviation + c);
      hn::Store(hn::MulAdd(distance, distance, sum), d, inverse_deviation + c);
    }
  }
  for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
    const V variance = hn::Mul(hn::Load(d, inverse_deviation + c), hn::Set(d, share));
    const V deviation = hn::Sqrt(hn::Add(variance, hn::Set(d, kEpsilon)));
    hn::Store(hn::Div(hn::Set(d, 1.0F), deviation), d, inverse_deviation + c);
  }
}

void LayerNorm(const LayerNormShape& s, const LayerNormForward& a) {
  const D d;
  for (std::size_t begin = 0; begin < s.columns; begin += kChunk) {
    const std::size_t count = std::min(kChunk, s.columns - begin);
    float* mean = a.mean + begin;
    float* inverse = a.inverse_deviation + begin;
    Moments(s, a.x + begin, count, mean, inverse);
    for (std::size_t f = 0; f < s.features; ++f) {
      const float* row = a.x + begin + f * s.stride;
      float* to = a.y + begin + f * s.stride;
      const V scale = hn::Set(d, a.scale[f]);
      const V shift = hn::Set(d, a.shift[f]);
      for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
        const V factor = hn::Mul(hn::Load(d, inverse + c), scale);
        const V distance = hn::Sub(hn::Load(d, row + c), hn::Load(d, mean + c));
        hn::Store(hn::MulAdd(distance, factor, shift), d, to + c);
      }
    }
  }
}

// Per column: the sums over the features of g and of g times the normalized x, where g = scale
// times the gradient of y. Also adds the derivatives with respect to scale and shift.
HWY_INLINE void BackwardSums(const LayerNormShape& s, const LayerNormBackward& a, std::size_t begin,
                             std::size_t count, float* sum, float* product) {
  const D d;
  Fill(sum, count, 0.0F);
  Fill(product, count, 0.0F);
  for (std::size_t f = 0; f < s.features; ++f) {
    const std::size_t at = begin + f * s.stride;
    const V scale = hn::Set(d, a.scale[f]);
    V scale_gradient = hn::Zero(d);
    V shift_gradient = hn::Zero(d);
    for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
      const V distance = hn::Sub(hn::Load(d, a.x + at + c), hn::Load(d, a.mean + begin + c));
      const V normal = hn::Mul(distance, hn::Load(d, a.inverse_deviation + begin + c));
      const V dy = hn::Load(d, a.y_gradient + at + c);
      const V weighted = hn::Mul(dy, normal);
      shift_gradient = hn::Add(shift_gradient, dy);
      scale_gradient = hn::Add(scale_gradient, weighted);
      hn::Store(hn::MulAdd(dy, scale, hn::Load(d, sum + c)), d, sum + c);
      hn::Store(hn::MulAdd(weighted, scale, hn::Load(d, product + c)), d, product + c);
    }
    a.scale_gradient[f] += hn::GetLane(hn::SumOfLanes(d, scale_gradient));
    a.shift_gradient[f] += hn::GetLane(hn::SumOfLanes(d, shift_gradient));
  }
}

// dx = (g - mean over features of g - normal * mean of (g normal)) * inverse deviation.
HWY_INLINE void InputGradient(const LayerNormShape& s, const LayerNormBackward& a,
                              std::size_t begin, std::size_t count, const float* sum,
                              const float* product) {
  const D d;
  for (std::size_t f = 0; f < s.features; ++f) {
    const std::size_t at = begin + f * s.stride;
    const V scale = hn::Set(d, a.scale[f]);
    for (std::size_t c = 0; c < count; c += hn::Lanes(d)) {
      const V inverse = hn::Load(d, a.inverse_deviation + begin + c);
      const V distance = hn::Sub(hn::Load(d, a.x + at + c), hn::Load(d, a.mean + begin + c));
      const V normal = hn::Mul(distance, inverse);
      const V dy = hn::Load(d, a.y_gradient + at + c);
      const V centred = hn::MulSub(dy, scale, hn::Load(d, sum + c));
      const V without = hn::NegMulAdd(normal, hn::Load(d, product + c), centred);
      const V residual = a.residual == nullptr ? hn::Zero(d) : hn::Load(d, a.residual + at + c);
      hn::Store(hn::MulAdd(without, inverse, residual), d, a.x_gradient + at + c);
    }
  }
}

void LayerNormBackwardSweep(const LayerNormShape& s, const LayerNormBackward& a) {
  HWY_ALIGN float sum[kChunk];
  HWY_ALIGN float product[kChunk];
  std::fill_n(a.scale_gradient, s.features, 0.0F);
  std::fill_n(a.shift_gradient, s.features, 0.0F);
  for (std::size_t begin = 0; begin < s.columns; begin += kChunk) {
    const std::size_t count = std::min(kChunk, s.columns - begin);
    BackwardSums(s, a, begin, count, sum, product);
    if (a.x_gradient == nullptr) continue;
    Scale(sum, count, 1.0F / static_cast<float>(s.features));
    Scale(product, count, 1.0F / static_cast<float>(s.features));
    InputGradient(s, a, begin, count, sum, product);
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(LayerNorm);
HWY_EXPORT(LayerNormBackwardSweep);

void layer_norm(const LayerNormShape& shape, const LayerNormForward& arrays) {
  HWY_DYNAMIC_DISPATCH(LayerNorm)(shape, arrays);
}

void layer_norm_backward(const LayerNormShape& shape, const LayerNormBackward& arrays) {
  HWY_DYNAMIC_DISPATCH(LayerNormBackwardSweep)(shape, arrays);
}

}  // namespace minima::kernels
#endif
