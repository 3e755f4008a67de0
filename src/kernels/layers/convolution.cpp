#include "kernels/layers/convolution.h"

#include "kernels/layers/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/convolution.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef MINIMA_KERNELS_CONVOLUTION_ARGUMENTS
#define MINIMA_KERNELS_CONVOLUTION_ARGUMENTS
namespace minima::kernels {

struct RowArguments {
  const ConvolutionShape* shape;
  const float* input;  // at the first input row of the output row
  const float* weights;
  const float* bias;
  float* output;
  std::size_t filter_step;
  bool relu;
};

struct GradientArguments {
  const ConvolutionShape* shape;
  const float* input;  // at the first input row of the output row
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

constexpr std::size_t kMaxColumns = 6;  // output columns held in registers at a time
constexpr std::size_t kMaxFilters = 4;

// The small loops over registers below must be fully unrolled: arrays indexed by a loop variable
// would live in memory.
#define MINIMA_UNROLL _Pragma("GCC unroll 8")

// kFilters x kColumns sums of one vector of lanes stay in registers over all kernel taps. Sizes are
// copied first, because the compiler cannot know that storing results leaves them unchanged.
template <std::size_t kFilters, std::size_t kColumns>
HWY_INLINE void Block(const RowArguments& a, std::size_t filter, std::size_t column) {
  const D d;
  const std::size_t lanes = a.shape->lanes;
  const std::size_t kernel = a.shape->kernel;
  const std::size_t channels = a.shape->channels;
  const std::size_t taps = a.shape->weights_per_filter();
  const std::size_t line_step = a.shape->width * lanes;
  const std::size_t channel_step = a.shape->height * line_step;
  const std::size_t column_step = a.shape->stride * lanes;
  const std::size_t filter_step = a.filter_step;
  const float* const weights = a.weights + filter * taps;
  const float* const bias = a.bias + filter;
  const V floor = hn::Set(d, a.relu ? 0.0F : -HUGE_VALF);
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    V sums[kFilters][kColumns];
    MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
      const V start = hn::Set(d, bias[f]);
      MINIMA_UNROLL for (std::size_t x = 0; x < kColumns; ++x) sums[f][x] = start;
    }
    const float* from = a.input + column * column_step + lane;
    const float* w = weights;
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t ky = 0; ky < kernel; ++ky) {
        const float* tap = from + c * channel_step + ky * line_step;
        for (std::size_t kx = 0; kx < kernel; ++kx, ++w, tap += lanes) {
          V pixels[kColumns];
          MINIMA_UNROLL for (std::size_t x = 0; x < kColumns; ++x) {
            pixels[x] = hn::Load(d, tap + x * column_step);
          }
          MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
            const V weight = hn::Set(d, w[f * taps]);
            MINIMA_UNROLL for (std::size_t x = 0; x < kColumns; ++x) {
              sums[f][x] = hn::MulAdd(pixels[x], weight, sums[f][x]);
            }
          }
        }
      }
    }
    float* to = a.output + filter * filter_step + column * lanes + lane;
    MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
      MINIMA_UNROLL for (std::size_t x = 0; x < kColumns; ++x) {
        // If one operand is NaN, x86 returns the second: this order lets NaN propagate and be
        // detected.
        hn::Store(hn::Max(floor, sums[f][x]), d, to + f * filter_step + x * lanes);
      }
    }
  }
}

// All filters pass over the few input columns that are in the L1 cache.
template <std::size_t kColumns>
HWY_INLINE void Filters(const RowArguments& a, std::size_t column) {
  std::size_t f = 0;
  for (; f + kMaxFilters <= a.shape->filters; f += kMaxFilters) {
    Block<kMaxFilters, kColumns>(a, f, column);
  }
  for (; f + 2 <= a.shape->filters; f += 2) Block<2, kColumns>(a, f, column);
  for (; f < a.shape->filters; ++f) Block<1, kColumns>(a, f, column);
}

void ConvolutionRow(const RowArguments& a) {
  const std::size_t columns = a.shape->columns();
  std::size_t x = 0;
  for (; x + kMaxColumns <= columns; x += kMaxColumns) Filters<kMaxColumns>(a, x);
  for (; x + 2 <= columns; x += 2) Filters<2>(a, x);
  for (; x < columns; ++x) Filters<1>(a, x);
}

// kFilters x (kLines x kTaps) sums for adjacent taps of adjacent kernel rows, over all columns and
// lanes.
template <std::size_t kFilters, std::size_t kLines, std::size_t kTaps>
HWY_INLINE void GradientBlock(const GradientArguments& a, std::size_t filter, std::size_t tap,
                              const float* line) {
  const D d;
  const std::size_t lanes = a.shape->lanes;
  const std::size_t kernel = a.shape->kernel;
  const std::size_t taps = a.shape->weights_per_filter();
  const std::size_t columns = a.shape->columns();
  const std::size_t column_step = a.shape->stride * lanes;
  const std::size_t line_step = a.shape->width * lanes;
  const std::size_t filter_step = a.filter_step;
  float* const memory = a.sums + (filter * taps + tap) * kBatchMultiple;
  V sums[kFilters][kLines * kTaps];
  MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
    MINIMA_UNROLL for (std::size_t l = 0; l < kLines; ++l) {
      MINIMA_UNROLL for (std::size_t t = 0; t < kTaps; ++t) {
        sums[f][l * kTaps + t] = hn::Load(d, memory + (f * taps + l * kernel + t) * kBatchMultiple);
      }
    }
  }
  const float* gradient = a.output_gradient + filter * filter_step;
  for (std::size_t x = 0; x < columns; ++x, line += column_step, gradient += lanes) {
    for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
      V g[kFilters];
      MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
        g[f] = hn::Load(d, gradient + f * filter_step + lane);
      }
      MINIMA_UNROLL for (std::size_t l = 0; l < kLines; ++l) {
        MINIMA_UNROLL for (std::size_t t = 0; t < kTaps; ++t) {
          const V pixel = hn::Load(d, line + l * line_step + t * lanes + lane);
          MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
            sums[f][l * kTaps + t] = hn::MulAdd(g[f], pixel, sums[f][l * kTaps + t]);
          }
        }
      }
    }
  }
  MINIMA_UNROLL for (std::size_t f = 0; f < kFilters; ++f) {
    MINIMA_UNROLL for (std::size_t l = 0; l < kLines; ++l) {
      MINIMA_UNROLL for (std::size_t t = 0; t < kTaps; ++t) {
        hn::Store(sums[f][l * kTaps + t], d, memory + (f * taps + l * kernel + t) * kBatchMultiple);
      }
    }
  }
}

template <std::size_t kAtATime, std::size_t kLines, std::size_t kTaps>
HWY_INLINE void GradientFilters(const GradientArguments& a, std::size_t tap, const float* line) {
  std::size_t f = 0;
  for (; f + kAtATime <= a.shape->filters; f += kAtATime) {
    GradientBlock<kAtATime, kLines, kTaps>(a, f, tap, line);
  }
  for (; f < a.shape->filters; ++f) GradientBlock<1, kLines, kTaps>(a, f, tap, line);
}

// The taps of one channel, in blocks of three rows of three if they fit. For a 3 x 3 kernel each
// pixel and each gradient is then read once for eighteen sums.
HWY_INLINE void GradientChannel(const GradientArguments& a, std::size_t channel) {
  const ConvolutionShape& s = *a.shape;
  const float* image = a.input + channel * s.height * s.width * s.lanes;
  const std::size_t first_tap = channel * s.kernel * s.kernel;
  for (std::size_t ky = 0; ky < s.kernel;) {
    const bool three = ky + 3 <= s.kernel;
    for (std::size_t kx = 0; kx < s.kernel;) {
      const std::size_t tap = first_tap + ky * s.kernel + kx;
      const float* line = image + (ky * s.width + kx) * s.lanes;
      if (three && kx + 3 <= s.kernel) {
        GradientFilters<2, 3, 3>(a, tap, line);
        kx += 3;
      } else if (three) {
        GradientFilters<4, 3, 1>(a, tap, line);
        ++kx;
      } else if (kx + 3 <= s.kernel) {
        GradientFilters<4, 1, 3>(a, tap, line);
        kx += 3;
      } else {
        GradientFilters<4, 1, 1>(a, tap, line);
        ++kx;
      }
    }
    ky += three ? 3 : 1;
  }
}

void ConvolutionWeightGradientRow(const GradientArguments& a) {
  for (std::size_t c = 0; c < a.shape->channels; ++c) GradientChannel(a, c);
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
