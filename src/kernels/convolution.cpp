#include "kernels/convolution.h"

#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/convolution.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef MINIMA_KERNELS_CONVOLUTION_ARGUMENTS
#define MINIMA_KERNELS_CONVOLUTION_ARGUMENTS
namespace minima::kernels {

struct RowArguments {
  const ConvolutionShape* shape;
  const float* input;  // at the first input row that the output row needs
  const float* weights;
  const float* bias;
  float* output;
  std::size_t filter_step;
  bool relu;
};

struct GradientArguments {
  const ConvolutionShape* shape;
  const float* input;  // at the first input row that the output row saw
  const float* output_gradient;
  std::size_t filter_step;
  float* sums;
};

}  // namespace minima::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, kBatchMultiple>;
using V = hn::Vec<D>;

constexpr std::size_t kMaxColumns = 6;  // of the output, in registers at a time
constexpr std::size_t kMaxFilters = 4;

// kFilters x kColumns sums of one vector of lanes stay in registers over all taps.
template <std::size_t kFilters, std::size_t kColumns>
HWY_INLINE void Block(const RowArguments& a, std::size_t filter, std::size_t column) {
  const D d;
  const ConvolutionShape& s = *a.shape;
  const std::size_t taps = s.weights_per_filter();
  const float* weights = a.weights + filter * taps;
  for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
    V sums[kFilters][kColumns];
    for (std::size_t f = 0; f < kFilters; ++f) {
      for (std::size_t x = 0; x < kColumns; ++x) sums[f][x] = hn::Set(d, a.bias[filter + f]);
    }
    const float* from = a.input + column * s.stride * s.lanes + lane;
    const float* w = weights;
    for (std::size_t c = 0; c < s.channels; ++c) {
      for (std::size_t ky = 0; ky < s.kernel; ++ky) {
        const float* line = from + (c * s.height + ky) * s.width * s.lanes;
        for (std::size_t kx = 0; kx < s.kernel; ++kx, ++w) {
          V pixels[kColumns];
          for (std::size_t x = 0; x < kColumns; ++x) {
            pixels[x] = hn::Load(d, line + (x * s.stride + kx) * s.lanes);
          }
          for (std::size_t f = 0; f < kFilters; ++f) {
            const V weight = hn::Set(d, w[f * taps]);
            for (std::size_t x = 0; x < kColumns; ++x) {
              sums[f][x] = hn::MulAdd(pixels[x], weight, sums[f][x]);
            }
          }
        }
      }
    }
    const V floor = hn::Set(d, a.relu ? 0.0F : -HUGE_VALF);
    for (std::size_t f = 0; f < kFilters; ++f) {
      for (std::size_t x = 0; x < kColumns; ++x) {
        const V sum = sums[f][x];
        // A NaN must survive to be seen.
        hn::Store(hn::IfThenElse(hn::Lt(sum, floor), floor, sum), d,
                  a.output + (filter + f) * a.filter_step + (column + x) * s.lanes + lane);
      }
    }
  }
}

template <std::size_t kFilters>
HWY_INLINE void Columns(const RowArguments& a, std::size_t filter) {
  const std::size_t columns = a.shape->columns();
  std::size_t x = 0;
  for (; x + kMaxColumns <= columns; x += kMaxColumns) Block<kFilters, kMaxColumns>(a, filter, x);
  for (; x + 2 <= columns; x += 2) Block<kFilters, 2>(a, filter, x);
  for (; x < columns; ++x) Block<kFilters, 1>(a, filter, x);
}

void ConvolutionRow(const RowArguments& a) {
  std::size_t f = 0;
  for (; f + kMaxFilters <= a.shape->filters; f += kMaxFilters) Columns<kMaxFilters>(a, f);
  for (; f + 2 <= a.shape->filters; f += 2) Columns<2>(a, f);
  for (; f < a.shape->filters; ++f) Columns<1>(a, f);
}

// kFilters x kTaps sums for neighbouring taps of one kernel row; all columns and lanes pass by.
template <std::size_t kFilters, std::size_t kTaps>
HWY_INLINE void GradientBlock(const GradientArguments& a, std::size_t filter, std::size_t tap,
                              const float* line) {
  const D d;
  const ConvolutionShape& s = *a.shape;
  const std::size_t taps = s.weights_per_filter();
  V sums[kFilters][kTaps];
  for (std::size_t f = 0; f < kFilters; ++f) {
    for (std::size_t t = 0; t < kTaps; ++t) {
      sums[f][t] = hn::Load(d, a.sums + ((filter + f) * taps + tap + t) * kBatchMultiple);
    }
  }
  const float* gradient = a.output_gradient + filter * a.filter_step;
  const std::size_t columns = s.columns();
  for (std::size_t x = 0; x < columns; ++x) {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      V pixels[kTaps];
      for (std::size_t t = 0; t < kTaps; ++t) {
        pixels[t] = hn::Load(d, line + (x * s.stride + t) * s.lanes + lane);
      }
      for (std::size_t f = 0; f < kFilters; ++f) {
        const V g = hn::Load(d, gradient + f * a.filter_step + x * s.lanes + lane);
        for (std::size_t t = 0; t < kTaps; ++t) sums[f][t] = hn::MulAdd(g, pixels[t], sums[f][t]);
      }
    }
  }
  for (std::size_t f = 0; f < kFilters; ++f) {
    for (std::size_t t = 0; t < kTaps; ++t) {
      hn::Store(sums[f][t], d, a.sums + ((filter + f) * taps + tap + t) * kBatchMultiple);
    }
  }
}

template <std::size_t kTaps>
HWY_INLINE void GradientFilters(const GradientArguments& a, std::size_t tap, const float* line) {
  std::size_t f = 0;
  for (; f + kMaxFilters <= a.shape->filters; f += kMaxFilters) {
    GradientBlock<kMaxFilters, kTaps>(a, f, tap, line);
  }
  for (; f + 2 <= a.shape->filters; f += 2) GradientBlock<2, kTaps>(a, f, tap, line);
  for (; f < a.shape->filters; ++f) GradientBlock<1, kTaps>(a, f, tap, line);
}

void ConvolutionWeightGradientRow(const GradientArguments& a) {
  const ConvolutionShape& s = *a.shape;
  for (std::size_t c = 0; c < s.channels; ++c) {
    for (std::size_t ky = 0; ky < s.kernel; ++ky) {
      const float* line = a.input + (c * s.height + ky) * s.width * s.lanes;
      const std::size_t tap = (c * s.kernel + ky) * s.kernel;
      std::size_t kx = 0;
      for (; kx + 3 <= s.kernel; kx += 3) GradientFilters<3>(a, tap + kx, line + kx * s.lanes);
      for (; kx < s.kernel; ++kx) GradientFilters<1>(a, tap + kx, line + kx * s.lanes);
    }
  }
}

void SumLanes(const float* sums, std::size_t count, float* totals) {
  const D d;
  for (std::size_t i = 0; i < count; ++i) {
    auto sum = hn::Zero(d);
    for (std::size_t lane = 0; lane < kBatchMultiple; lane += hn::Lanes(d)) {
      sum = hn::Add(sum, hn::Load(d, sums + i * kBatchMultiple + lane));
    }
    totals[i] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(ConvolutionRow);
HWY_EXPORT(ConvolutionWeightGradientRow);
HWY_EXPORT(SumLanes);

namespace {

const float* first_line(const ConvolutionShape& shape, const float* input, std::size_t row) {
  return input + row * shape.stride * shape.width * shape.lanes;
}

}  // namespace

void convolution_row(const ConvolutionShape& shape, const float* input, std::size_t row,
                     const float* weights, const float* bias, bool relu, float* output,
                     std::size_t filter_step) {
  HWY_DYNAMIC_DISPATCH(ConvolutionRow)
  ({.shape = &shape,
    .input = first_line(shape, input, row),
    .weights = weights,
    .bias = bias,
    .output = output,
    .filter_step = filter_step,
    .relu = relu});
}

void convolution_weight_gradient_row(const ConvolutionShape& shape, const float* input,
                                     std::size_t row, const float* output_gradient,
                                     std::size_t filter_step, float* sums) {
  HWY_DYNAMIC_DISPATCH(ConvolutionWeightGradientRow)
  ({.shape = &shape,
    .input = first_line(shape, input, row),
    .output_gradient = output_gradient,
    .filter_step = filter_step,
    .sums = sums});
}

void sum_lanes(const float* sums, std::size_t count, float* totals) {
  HWY_DYNAMIC_DISPATCH(SumLanes)(sums, count, totals);
}

}  // namespace minima::kernels
#endif
