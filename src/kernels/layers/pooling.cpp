#include "kernels/layers/pooling.h"

#include <algorithm>

#include "kernels/layers/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/pooling.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, kBatchMultiple>;
using V = hn::Vec<D>;

// The four inputs of one output, in reading order.
struct Square {
  const float* at[4];

  Square(const PoolingShape& s, const float* input, std::size_t channel, std::size_t y,
         std::size_t x) {
    const float* first = input + ((channel * s.height + 2 * y) * s.width + 2 * x) * s.lanes;
    at[0] = first;
    at[1] = first + s.lanes;
    at[2] = first + s.width * s.lanes;
    at[3] = at[2] + s.lanes;
  }
};

// Calls use(square, index of the output) for every output.
template <class Use>
HWY_INLINE void OverOutputs(const PoolingShape& s, const float* input, const Use& use) {
  std::size_t output = 0;
  for (std::size_t c = 0; c < s.channels; ++c) {
    for (std::size_t y = 0; y < s.rows(); ++y) {
      for (std::size_t x = 0; x < s.columns(); ++x, ++output)
        use(Square(s, input, c, y, x), output);
    }
  }
}

void MaxPool(const PoolingShape& s, const float* input, float* output) {
  const D d;
  OverOutputs(s, input, [&](const Square& square, std::size_t o) HWY_ATTR {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      V top = hn::Load(d, square.at[0] + lane);
      for (int i = 1; i < 4; ++i) {
        const V value = hn::Load(d, square.at[i] + lane);
        // Not Max: NaN must propagate and be detected.
        top = hn::IfThenElse(hn::Lt(value, top), top, value);
      }
      hn::Store(top, d, output + o * s.lanes + lane);
    }
  });
}

void MaxPoolBackward(const PoolingShape& s, const float* input, const float* output,
                     const float* output_gradient, float* input_gradient) {
  const D d;
  OverOutputs(s, input, [&](const Square& square, std::size_t o) HWY_ATTR {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      const V top = hn::Load(d, output + o * s.lanes + lane);
      V left = hn::Load(d, output_gradient + o * s.lanes + lane);
      for (const float* at : square.at) {
        const auto taken = hn::Eq(hn::Load(d, at + lane), top);
        hn::Store(hn::IfThenElseZero(taken, left), d, input_gradient + (at - input) + lane);
        left = hn::IfThenZeroElse(taken, left);
      }
    }
  });
}

void AveragePool(const PoolingShape& s, const float* input, float* output) {
  const D d;
  const V quarter = hn::Set(d, 0.25F);
  OverOutputs(s, input, [&](const Square& square, std::size_t o) HWY_ATTR {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      const V above = hn::Add(hn::Load(d, square.at[0] + lane), hn::Load(d, square.at[1] + lane));
      const V below = hn::Add(hn::Load(d, square.at[2] + lane), hn::Load(d, square.at[3] + lane));
      hn::Store(hn::Mul(hn::Add(above, below), quarter), d, output + o * s.lanes + lane);
    }
  });
}

void AveragePoolBackward(const PoolingShape& s, const float* output_gradient,
                         float* input_gradient) {
  const D d;
  const V quarter = hn::Set(d, 0.25F);
  OverOutputs(s, input_gradient, [&](const Square& square, std::size_t o) HWY_ATTR {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      const V share = hn::Mul(hn::Load(d, output_gradient + o * s.lanes + lane), quarter);
      for (const float* at : square.at) {
        hn::Store(share, d, input_gradient + (at - input_gradient) + lane);
      }
    }
  });
}

void GlobalAveragePool(const PoolingShape& s, const float* input, float* output) {
  const D d;
  const std::size_t pixels = s.height * s.width;
  const V share = hn::Set(d, 1.0F / static_cast<float>(pixels));
  for (std::size_t c = 0; c < s.channels; ++c) {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      V sum = hn::Zero(d);
      for (std::size_t p = 0; p < pixels; ++p) {
        sum = hn::Add(sum, hn::Load(d, input + (c * pixels + p) * s.lanes + lane));
      }
      hn::Store(hn::Mul(sum, share), d, output + c * s.lanes + lane);
    }
  }
}

void GlobalAveragePoolBackward(const PoolingShape& s, const float* output_gradient,
                               float* input_gradient) {
  const D d;
  const std::size_t pixels = s.height * s.width;
  const V share = hn::Set(d, 1.0F / static_cast<float>(pixels));
  for (std::size_t c = 0; c < s.channels; ++c) {
    for (std::size_t lane = 0; lane < s.lanes; lane += hn::Lanes(d)) {
      const V part = hn::Mul(hn::Load(d, output_gradient + c * s.lanes + lane), share);
      for (std::size_t p = 0; p < pixels; ++p) {
        hn::Store(part, d, input_gradient + (c * pixels + p) * s.lanes + lane);
      }
    }
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(MaxPool);
HWY_EXPORT(MaxPoolBackward);
HWY_EXPORT(AveragePool);
HWY_EXPORT(AveragePoolBackward);
HWY_EXPORT(GlobalAveragePool);
HWY_EXPORT(GlobalAveragePoolBackward);

namespace {

// An odd last row or column belongs to no square.
void clear_input_gradient(const PoolingShape& s, float* input_gradient) {
  if (s.height % 2 == 0 && s.width % 2 == 0) return;
  std::fill_n(input_gradient, s.channels * s.height * s.width * s.lanes, 0.0F);
}

}  // namespace

void max_pool(const PoolingShape& shape, const float* input, float* output) {
  HWY_DYNAMIC_DISPATCH(MaxPool)(shape, input, output);
}

void max_pool_backward(const PoolingShape& shape, const float* input, const float* output,
                       const float* output_gradient, float* input_gradient) {
  clear_input_gradient(shape, input_gradient);
  HWY_DYNAMIC_DISPATCH(MaxPoolBackward)(shape, input, output, output_gradient, input_gradient);
}

void average_pool(const PoolingShape& shape, const float* input, float* output) {
  HWY_DYNAMIC_DISPATCH(AveragePool)(shape, input, output);
}

void average_pool_backward(const PoolingShape& shape, const float* output_gradient,
                           float* input_gradient) {
  clear_input_gradient(shape, input_gradient);
  HWY_DYNAMIC_DISPATCH(AveragePoolBackward)(shape, output_gradient, input_gradient);
}

void global_average_pool(const PoolingShape& shape, const float* input, float* output) {
  HWY_DYNAMIC_DISPATCH(GlobalAveragePool)(shape, input, output);
}

void global_average_pool_backward(const PoolingShape& shape, const float* output_gradient,
                                  float* input_gradient) {
  HWY_DYNAMIC_DISPATCH(GlobalAveragePoolBackward)(shape, output_gradient, input_gradient);
}

}  // namespace minima::kernels
#endif
