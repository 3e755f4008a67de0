#include "kernels/products/integer_products.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels/products/reference_integer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/products/integer_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef MINIMA_KERNELS_SATURATED_SUM
#define MINIMA_KERNELS_SATURATED_SUM
namespace minima::kernels {

// Any sum from this one up gives the highest code. Its own scaled value fits into 32 bits.
inline std::int32_t saturated_sum(const CodeScaling& scaling) {
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  if (scaling.multiplier == 0) return kMost;
  const double sum = std::ldexp(scaling.high + 1.0, scaling.shift) / scaling.multiplier + 1.0;
  return sum < kMost ? static_cast<std::int32_t>(sum) : kMost;
}

}  // namespace minima::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

// A single lane has no pairs: use the reference implementation.
void Products(const IntegerProducts& p, const std::int16_t* input, std::int32_t* sums) {
  reference::integer_products(p, input, sums);
}

void ScaleToCodes(const std::int32_t* first, const CodeScaling& scale_first,
                  const std::int32_t* second, const CodeScaling& scale_second, std::size_t lanes,
                  std::int16_t* codes) {
  reference::scale_to_codes(first, scale_first, second, scale_second, lanes, codes);
}

#else

using D16 = hn::CappedTag<std::int16_t, 2 * kIntegerLanes>;
using D32 = hn::RepartitionToWide<D16>;
using V32 = hn::Vec<D32>;

// Copies a pair of weights to every lane.
HWY_INLINE hn::Vec<D16> Broadcast(const std::int16_t* pair) {
  std::int32_t both;
  std::memcpy(&both, pair, sizeof(both));
  return hn::BitCast(D16(), hn::Set(D32(), both));
}

// Sums of two outputs over two vectors of lanes.
struct Tile {
  V32 even[2][2];
  V32 odd[2][2];  // second accumulator that some processors need; zero on others
};

HWY_INLINE void Multiply(const IntegerProducts& p, const std::int16_t* input, std::size_t output,
                         std::size_t lane, std::int32_t* sums) {
  const D16 d;
  const D32 dw;
  const std::size_t vector = hn::Lanes(dw);
  const std::size_t taps = p.taps.size();
  Tile tile;
  for (int o = 0; o < 2; ++o) {
    for (int v = 0; v < 2; ++v) {
      tile.even[o][v] = hn::Set(dw, p.biases[output + o]);
      tile.odd[o][v] = hn::Zero(dw);
    }
  }
  const std::int16_t* weights = p.weights + output * taps * 2;
  for (std::size_t t = 0; t < taps; ++t) {
    const std::int16_t* at = input + p.taps[t] + 2 * lane;
    const auto x0 = hn::LoadU(d, at);
    const auto x1 = hn::LoadU(d, at + 2 * vector);
    for (int o = 0; o < 2; ++o) {
      const auto weight = Broadcast(weights + (o * taps + t) * 2);
      tile.even[o][0] =
          hn::ReorderWidenMulAccumulate(dw, weight, x0, tile.even[o][0], tile.odd[o][0]);
      tile.even[o][1] =
          hn::ReorderWidenMulAccumulate(dw, weight, x1, tile.even[o][1], tile.odd[o][1]);
    }
  }
  for (int o = 0; o < 2; ++o) {
    for (int v = 0; v < 2; ++v) {
      hn::StoreU(hn::RearrangeToOddPlusEven(tile.even[o][v], tile.odd[o][v]), dw,
                 sums + (output + o) * p.lanes + lane + v * vector);
    }
  }
}

void Products(const IntegerProducts& p, const std::int16_t* input, std::int32_t* sums) {
  const std::size_t lanes = 2 * hn::Lanes(D32());
  for (std::size_t lane = 0; lane < p.lanes; lane += lanes) {
    for (std::size_t output = 0; output < p.outputs; output += 2) {
      Multiply(p, input, output, lane, sums);
    }
  }
}

// Vectorized scaling.
class Scaler {
 public:
  explicit Scaler(const CodeScaling& scaling)
      : multiplier_(hn::Set(kUnsigned, scaling.multiplier)),
        half_(hn::Set(kWide, std::uint64_t{1} << (scaling.shift - 1))),
        limit_(hn::Set(kSigned, saturated_sum(scaling))),
        high_(hn::Set(kSigned, scaling.high)),
        shift_(scaling.shift) {}

  HWY_INLINE V32 operator()(V32 sum) const {
    const auto positive = hn::BitCast(kUnsigned, hn::Min(hn::Max(sum, hn::Zero(kSigned)), limit_));
    const auto even = Shifted(hn::MulEven(positive, multiplier_));
    const auto upper = hn::BitCast(kUnsigned, hn::ShiftRight<32>(hn::BitCast(kWide, positive)));
    const auto odd = hn::ShiftLeft<32>(Shifted(hn::MulEven(upper, multiplier_)));
    return hn::Min(hn::BitCast(kSigned, hn::Or(even, odd)), high_);
  }

 private:
  static constexpr D32 kSigned{};
  static constexpr hn::RebindToUnsigned<D32> kUnsigned{};
  static constexpr hn::RepartitionToWide<hn::RebindToUnsigned<D32> > kWide{};
  using Wide = hn::Vec<hn::RepartitionToWide<hn::RebindToUnsigned<D32> > >;

  HWY_INLINE Wide Shifted(Wide product) const {
    return hn::ShiftRightSame(hn::Add(product, half_), shift_);
  }

  hn::Vec<hn::RebindToUnsigned<D32> > multiplier_;
  Wide half_;
  V32 limit_, high_;
  int shift_;
};

void ScaleToCodes(const std::int32_t* first, const CodeScaling& scale_first,
                  const std::int32_t* second, const CodeScaling& scale_second, std::size_t lanes,
                  std::int16_t* codes) {
  const D32 d;
  const D16 d16;
  const Scaler to_first(scale_first);
  const Scaler to_second(scale_second);
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    const V32 a = to_first(hn::LoadU(d, first + lane));
    const V32 b = to_second(hn::LoadU(d, second + lane));
    hn::StoreU(hn::OddEven(hn::BitCast(d16, hn::ShiftLeft<16>(b)), hn::BitCast(d16, a)), d16,
               codes + 2 * lane);
  }
}

#endif  // HWY_SCALAR

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(Products);
HWY_EXPORT(ScaleToCodes);

void integer_products(const IntegerProducts& products, const std::int16_t* input,
                      std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(Products)(products, input, sums);
}

void scale_to_codes(const std::int32_t* first, const CodeScaling& scale_first,
                    const std::int32_t* second, const CodeScaling& scale_second, std::size_t lanes,
                    std::int16_t* codes) {
  HWY_DYNAMIC_DISPATCH(ScaleToCodes)
  (first, scale_first, second, scale_second, lanes, codes);
}

}  // namespace minima::kernels
#endif
