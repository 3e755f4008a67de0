#include "kernels/layers/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

const char* TargetName() {
  return hwy::TargetName(HWY_TARGET);
}

void AddBias(float* y, const float* bias, std::size_t rows, std::size_t stride, bool relu) {
  const hn::CappedTag<float, kBatchMultiple> d;
  const auto floor = hn::Set(d, relu ? 0.0F : -HUGE_VALF);
  for (std::size_t r = 0; r < rows; ++r) {
    const auto shift = hn::Set(d, bias[r]);
    float* row = y + r * stride;
    for (std::size_t b = 0; b < stride; b += hn::Lanes(d)) {
      // If one operand is NaN, x86 returns the second: this order lets NaN propagate and be
      // detected.
      hn::Store(hn::Max(floor, hn::Add(hn::Load(d, row + b), shift)), d, row + b);
    }
  }
}

void ActivationBackward(float* dy, const float* y, float* bias_gradient, std::size_t rows,
                        std::size_t stride) {
  const hn::CappedTag<float, kBatchMultiple> d;
  const auto zero = hn::Zero(d);
  for (std::size_t r = 0; r < rows; ++r) {
    auto sum = zero;
    float* row = dy + r * stride;
    for (std::size_t b = 0; b < stride; b += hn::Lanes(d)) {
      auto gradient = hn::Load(d, row + b);
      if (y != nullptr) {
        gradient = hn::IfThenElse(hn::Le(hn::Load(d, y + r * stride + b), zero), zero, gradient);
        hn::Store(gradient, d, row + b);
      }
      sum = hn::Add(sum, gradient);
    }
    bias_gradient[r] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

void UpdateRowMax(const float* y, std::size_t rows, std::size_t stride, std::size_t count,
                  float* row_max) {
  const hn::CappedTag<float, kBatchMultiple> d;
  const auto lowest = hn::Set(d, -HUGE_VALF);
  for (std::size_t r = 0; r < rows; ++r) {
    auto top = lowest;
    for (std::size_t b = 0; b < count; b += hn::Lanes(d)) {
      const auto value = hn::Load(d, y + r * stride + b);
      const auto valid = hn::FirstN(d, count - b);
      top = hn::Max(top, hn::IfThenElse(valid, value, lowest));
    }
    const float found = hn::GetLane(hn::MaxOfLanes(d, top));
    if (found > row_max[r]) row_max[r] = found;
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(TargetName);
HWY_EXPORT(AddBias);
HWY_EXPORT(ActivationBackward);
HWY_EXPORT(UpdateRowMax);

void add_bias(float* y, const float* bias, std::size_t rows, std::size_t stride, bool relu) {
  HWY_DYNAMIC_DISPATCH(AddBias)(y, bias, rows, stride, relu);
}

void activation_backward(float* dy, const float* y, float* bias_gradient, std::size_t rows,
                         std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(ActivationBackward)(dy, y, bias_gradient, rows, stride);
}

void update_row_max(const float* y, std::size_t rows, std::size_t stride, std::size_t count,
                    float* row_max) {
  HWY_DYNAMIC_DISPATCH(UpdateRowMax)(y, rows, stride, count, row_max);
}

std::string instruction_set() {
  return HWY_DYNAMIC_DISPATCH(TargetName)();
}

}  // namespace minima::kernels
#endif
