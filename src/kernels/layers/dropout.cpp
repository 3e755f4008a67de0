#include "kernels/layers/dropout.h"

#include <algorithm>
#include <cmath>

#include "kernels/layers/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/dropout.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, kBatchMultiple>;
using V = hn::Vec<D>;
using DWord = hn::RebindToUnsigned<D>;
using Words = hn::Vec<DWord>;
using DWide = hn::RepartitionToWide<DWord>;
using Wide = hn::Vec<DWide>;

constexpr std::size_t kRows = 8;  // rows that share a block of the stream
constexpr int kRounds = 10;

// Philox 4x32-10 (core/numbers/random.h) for every second lane of the batch. Numbers of 32 bits lie
// in the low halves of 64-bit lanes. The high halves are arbitrary, because products read low
// halves only.
struct Philox {
  Wide keys[kRounds][2];
  Wide purpose;
  Wide step;
};

HWY_INLINE Philox PhiloxOf(const StreamKey& key) {
  const DWide d;
  Philox philox;
  auto low = static_cast<std::uint32_t>(key.key);
  auto high = static_cast<std::uint32_t>(key.key >> 32);
  for (auto& keys : philox.keys) {
    keys[0] = hn::Set(d, std::uint64_t{low});
    keys[1] = hn::Set(d, std::uint64_t{high});
    low += 0x9E3779B9U;
    high += 0xBB67AE85U;
  }
  philox.purpose = hn::Set(d, std::uint64_t{key.purpose});
  philox.step = hn::Set(d, std::uint64_t{key.step});
  return philox;
}

HWY_INLINE void Round(const Wide (&keys)[2], Wide (&c)[4]) {
  const DWord d;
  const Wide p0 = hn::MulEven(hn::BitCast(d, c[0]), hn::Set(d, 0xD2511F53U));
  const Wide p1 = hn::MulEven(hn::BitCast(d, c[2]), hn::Set(d, 0xCD9E8D57U));
  c[0] = hn::Xor(hn::ShiftRight<32>(p1), hn::Xor(c[1], keys[0]));
  c[1] = p1;
  c[2] = hn::Xor(hn::ShiftRight<32>(p0), hn::Xor(c[3], keys[1]));
  c[3] = p0;
}

// The four words of block number `block`, for each lane from `lane` on.
HWY_INLINE void BlockOfEachLane(const Philox& philox, std::size_t block, std::size_t lane,
                                Words (&words)[4]) {
  const DWide d;
  const DWord narrow;
  const Wide lanes = hn::Add(hn::Set(d, std::uint64_t{lane}), hn::ShiftLeft<1>(hn::Iota(d, 0)));
  const Wide first = hn::Set(d, std::uint64_t{block});
  Wide even[4] = {first, lanes, philox.purpose, philox.step};
  Wide odd[4] = {first, hn::Add(lanes, hn::Set(d, std::uint64_t{1})), philox.purpose, philox.step};
  for (const auto& keys : philox.keys) {
    Round(keys, even);
    Round(keys, odd);
  }
  for (int i = 0; i < 4; ++i) {
    words[i] =
        hn::OddEven(hn::BitCast(narrow, hn::ShiftLeft<32>(odd[i])), hn::BitCast(narrow, even[i]));
  }
}

// Calls store(row, lane, factors).
template <class Store>
HWY_INLINE void Sweep(const DropoutMask& mask, const Store& store) {
  const D d;
  const DWord narrow;
  const Philox philox = PhiloxOf(mask.key);
  const Words limit = hn::Set(narrow, mask.threshold << 16);
  const V scale = hn::Set(d, mask.scale());
  for (std::size_t row = 0; row < mask.rows; row += kRows) {
    const std::size_t rows = std::min(kRows, mask.rows - row);
    for (std::size_t lane = 0; lane < mask.stride; lane += hn::Lanes(d)) {
      Words words[4];
      BlockOfEachLane(philox, row / kRows, lane, words);
      for (std::size_t i = 0; i < kRows; ++i) {
        if (i == rows) break;
        const Words bits = i % 2 == 0 ? words[i / 2] : hn::ShiftLeft<16>(words[i / 2]);
        const auto dropped = hn::RebindMask(d, hn::Lt(bits, limit));
        store(row + i, lane, hn::IfThenZeroElse(dropped, scale));
      }
    }
  }
}

struct FactorStore {
  float* at;
  std::size_t stride;

  HWY_INLINE void operator()(std::size_t row, std::size_t lane, V factors) const {
    hn::Store(factors, D(), at + row * stride + lane);
  }
};

struct ProductStore {
  const float* x;
  float* y;
  std::size_t stride;

  HWY_INLINE void operator()(std::size_t row, std::size_t lane, V factors) const {
    const D d;
    const std::size_t i = row * stride + lane;
    hn::Store(hn::Mul(hn::Load(d, x + i), factors), d, y + i);
  }
};

struct ResidualStore {
  const float* x;
  const float* residual;
  float* y;
  std::size_t stride;

  HWY_INLINE void operator()(std::size_t row, std::size_t lane, V factors) const {
    const D d;
    const std::size_t i = row * stride + lane;
    hn::Store(hn::MulAdd(hn::Load(d, x + i), factors, hn::Load(d, residual + i)), d, y + i);
  }
};

struct GroupStore {
  float* x;
  std::size_t width;
  std::size_t stride;

  HWY_INLINE void operator()(std::size_t row, std::size_t lane, V factors) const {
    const D d;
    float* at = x + row * width * stride + lane;
    for (std::size_t i = 0; i < width; ++i, at += stride) {
      hn::Store(hn::Mul(hn::Load(d, at), factors), d, at);
    }
  }
};

void DropoutFactors(const DropoutMask& mask, float* factors) {
  Sweep(mask, FactorStore{factors, mask.stride});
}

void Dropout(const DropoutMask& mask, const float* x, const float* residual, float* y) {
  if (residual == nullptr) {
    Sweep(mask, ProductStore{x, y, mask.stride});
  } else {
    Sweep(mask, ResidualStore{x, residual, y, mask.stride});
  }
}

void DropoutGroups(const DropoutMask& mask, std::size_t width, float* x) {
  Sweep(mask, GroupStore{x, width, mask.stride});
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(DropoutFactors);
HWY_EXPORT(Dropout);
HWY_EXPORT(DropoutGroups);

std::uint32_t dropout_threshold(double probability) {
  return static_cast<std::uint32_t>(std::min(std::lround(probability * 65536.0), 65535L));
}

void dropout_factors(const DropoutMask& mask, float* factors) {
  HWY_DYNAMIC_DISPATCH(DropoutFactors)(mask, factors);
}

void dropout(const DropoutMask& mask, const float* x, const float* residual, float* y) {
  HWY_DYNAMIC_DISPATCH(Dropout)(mask, x, residual, y);
}

void dropout_groups(const DropoutMask& mask, std::size_t width, float* x) {
  HWY_DYNAMIC_DISPATCH(DropoutGroups)(mask, width, x);
}

}  // namespace minima::kernels
#endif
