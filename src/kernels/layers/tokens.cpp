#include "kernels/layers/tokens.h"

#include "kernels/layers/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/tokens.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, kBatchMultiple>;

void AddBiasAndResidual(float* y, const float* bias, const float* residual, std::size_t rows,
                        std::size_t stride) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r) {
    const auto shift = hn::Set(d, bias[r]);
    for (std::size_t i = r * stride; i < (r + 1) * stride; i += hn::Lanes(d)) {
      const auto sum = hn::Add(hn::Load(d, y + i), shift);
      hn::Store(hn::Add(sum, hn::Load(d, residual + i)), d, y + i);
    }
  }
}

void RowSums(const float* x, std::size_t rows, std::size_t stride, float* sums) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r) {
    auto sum = hn::Zero(d);
    for (std::size_t i = r * stride; i < (r + 1) * stride; i += hn::Lanes(d)) {
      sum = hn::Add(sum, hn::Load(d, x + i));
    }
    sums[r] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

void MeanOverTokens(const float* x, std::size_t rows, std::size_t tokens, std::size_t stride,
                    float* y) {
  const D d;
  const auto share = hn::Set(d, 1.0F / static_cast<float>(tokens));
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t b = 0; b < stride; b += hn::Lanes(d)) {
      const float* at = x + r * tokens * stride + b;
      auto sum = hn::Zero(d);
      for (std::size_t t = 0; t < tokens; ++t) sum = hn::Add(sum, hn::Load(d, at + t * stride));
      hn::Store(hn::Mul(sum, share), d, y + r * stride + b);
    }
  }
}

void MeanOverTokensBackward(const float* dy, std::size_t rows, std::size_t tokens,
                            std::size_t stride, float* dx) {
  const D d;
  const auto share = hn::Set(d, 1.0F / static_cast<float>(tokens));
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t b = 0; b < stride; b += hn::Lanes(d)) {
      const auto gradient = hn::Mul(hn::Load(d, dy + r * stride + b), share);
      float* to = dx + r * tokens * stride + b;
      for (std::size_t t = 0; t < tokens; ++t) hn::Store(gradient, d, to + t * stride);
    }
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(AddBiasAndResidual);
HWY_EXPORT(RowSums);
HWY_EXPORT(MeanOverTokens);
HWY_EXPORT(MeanOverTokensBackward);

void add_bias_and_residual(float* y, const float* bias, const float* residual, std::size_t rows,
                           std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(AddBiasAndResidual)(y, bias, residual, rows, stride);
}

void row_sums(const float* x, std::size_t rows, std::size_t stride, float* sums) {
  HWY_DYNAMIC_DISPATCH(RowSums)(x, rows, stride, sums);
}

void mean_over_tokens(const float* x, std::size_t rows, std::size_t tokens, std::size_t stride,
                      float* y) {
  HWY_DYNAMIC_DISPATCH(MeanOverTokens)(x, rows, tokens, stride, y);
}

void mean_over_tokens_backward(const float* dy, std::size_t rows, std::size_t tokens,
                               std::size_t stride, float* dx) {
  HWY_DYNAMIC_DISPATCH(MeanOverTokensBackward)(dy, rows, tokens, stride, dx);
}

}  // namespace minima::kernels
#endif
