#include "kernels/layers/attention.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layers/attention.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Include after highway.h.
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

// Every sum in attention and its derivatives is a small matrix product whose elements are vectors
// of lanes: c[i][j] = sum over n of a[i][n] b[j][n]. A Factor locates the elements of a or b.
struct Factor {
  const float* at;
  std::size_t step;        // to the next i (or j)
  std::size_t depth_step;  // to the next n
};

constexpr std::size_t kTile = 4;

// Calls store(i, j, sum) for a tile of kRows x kColumns sums, which stay in registers over the
// whole depth.
template <std::size_t kRows, std::size_t kColumns, class Store>
HWY_INLINE void Tile(const Factor& a, std::size_t row, const Factor& b, std::size_t column,
                     std::size_t depth, const Store& store) {
  const D d;
  V sum[kRows][kColumns];
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j) sum[i][j] = hn::Zero(d);
  }
  const float* from_a = a.at + row * a.step;
  const float* from_b = b.at + column * b.step;
  for (std::size_t n = 0; n < depth; ++n) {
    V left[kRows];
    for (std::size_t i = 0; i < kRows; ++i) left[i] = hn::Load(d, from_a + i * a.step);
    for (std::size_t j = 0; j < kColumns; ++j) {
      const V right = hn::Load(d, from_b + j * b.step);
      for (std::size_t i = 0; i < kRows; ++i) sum[i][j] = hn::MulAdd(left[i], right, sum[i][j]);
    }
    from_a += a.depth_step;
    from_b += b.depth_step;
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j) store(row + i, column + j, sum[i][j]);
  }
}

template <std::size_t kRows, class Store>
HWY_INLINE void RowOfTiles(const Factor& a, std::size_t row, const Factor& b, std::size_t columns,
                           std::size_t depth, const Store& store) {
  std::size_t j = 0;
  for (; j + kTile <= columns; j += kTile) Tile<kRows, kTile>(a, row, b, j, depth, store);
  for (; j < columns; ++j) Tile<kRows, 1>(a, row, b, j, depth, store);
}

template <class Store>
HWY_INLINE void Product(const Factor& a, std::size_t rows, const Factor& b, std::size_t columns,
                        std::size_t depth, const Store& store) {
  std::size_t i = 0;
  for (; i + kTile <= rows; i += kTile) RowOfTiles<kTile>(a, i, b, columns, depth, store);
  for (; i < rows; ++i) RowOfTiles<1>(a, i, b, columns, depth, store);
}

struct ScaledStore {
  float* at;
  std::size_t row_step;
  std::size_t column_step;
  float scale;

  HWY_INLINE void operator()(std::size_t i, std::size_t j, V sum) const {
    const D d;
    hn::Store(hn::Mul(sum, hn::Set(d, scale)), d, at + i * row_step + j * column_step);
  }
};

struct PlainStore {
  float* at;
  std::size_t row_step;
  std::size_t column_step;

  HWY_INLINE void operator()(std::size_t i, std::size_t j, V sum) const {
    hn::Store(sum, D(), at + i * row_step + j * column_step);
  }
};

// Turns `sum`, the gradient of a probability, into the gradient of its score, which overwrites the
// probability.
struct SoftmaxBackwardStore {
  float* at;
  std::size_t row_step;
  std::size_t column_step;
  const float* row_means;  // [rows][lanes]: sum over u of p[t][u] times its gradient
  float scale;

  HWY_INLINE void operator()(std::size_t i, std::size_t j, V sum) const {
    const D d;
    float* p = at + i * row_step + j * column_step;
    const V centred = hn::Sub(sum, hn::Load(d, row_means + i * hn::Lanes(d)));
    hn::Store(hn::Mul(hn::Mul(centred, hn::Set(d, scale)), hn::Load(d, p)), d, p);
  }
};

// The same if `sum` is the gradient of a probability after dropout. That probability is the plain
// one times its factor, so the factor itself is not needed.
struct DroppedSoftmaxBackwardStore {
  SoftmaxBackwardStore plain;
  const float* dropped;

  HWY_INLINE void operator()(std::size_t i, std::size_t j, V sum) const {
    const D d;
    const std::size_t at = i * plain.row_step + j * plain.column_step;
    const V mean = hn::Load(d, plain.row_means + i * hn::Lanes(d));
    const V kept = hn::Mul(hn::Load(d, dropped + at), sum);
    const V centred = hn::NegMulAdd(hn::Load(d, plain.at + at), mean, kept);
    hn::Store(hn::Mul(centred, hn::Set(d, plain.scale)), d, plain.at + at);
  }
};

HWY_INLINE void SoftmaxRow(float* row, std::size_t count, std::size_t stride) {
  const D d;
  V top = hn::Load(d, row);
  for (std::size_t u = 1; u < count; ++u) top = hn::Max(top, hn::Load(d, row + u * stride));
  V sum = hn::Zero(d);
  for (std::size_t u = 0; u < count; ++u) {
    // A row that is all NaN must give NaN although Exp(NaN) is 0; it does, as 0 / 0.
    const V e = hn::Exp(d, hn::Sub(hn::Load(d, row + u * stride), top));
    sum = hn::Add(sum, e);
    hn::Store(e, d, row + u * stride);
  }
  const V factor = hn::Div(hn::Set(d, 1.0F), sum);
  for (std::size_t u = 0; u < count; ++u) {
    hn::Store(hn::Mul(hn::Load(d, row + u * stride), factor), d, row + u * stride);
  }
}

HWY_INLINE void MultiplyRow(const float* row, std::size_t count, std::size_t stride, float* by) {
  const D d;
  for (std::size_t u = 0; u < count; ++u, row += stride, by += stride) {
    hn::Store(hn::Mul(hn::Load(d, row), hn::Load(d, by)), d, by);
  }
}

// Offsets of one head's first elements, from lane `lane` on, and the steps between its elements.
struct Head {
  std::size_t features;       // offset in queries, keys, values and outputs
  std::size_t probabilities;  // offset
  std::size_t token;          // step from token to token
  std::size_t feature;        // step from feature to feature, and from row to row of probabilities
};

HWY_INLINE Head HeadAt(const AttentionShape& s, std::size_t head, std::size_t lane) {
  const std::size_t row = s.tokens * s.stride;
  return {head * s.head_width * row + lane, head * s.tokens * row + lane, s.stride, row};
}

HWY_INLINE float ScoreScale(const AttentionShape& s) {
  return static_cast<float>(1.0 / std::sqrt(static_cast<double>(s.head_width)));
}

template <std::size_t kRows>
HWY_INLINE void Attend(const AttentionShape& s, const AttentionForward& a, const Head& h,
                       std::size_t t) {
  float* p = a.probabilities + h.probabilities;
  RowOfTiles<kRows>({a.queries + h.features, h.token, h.feature}, t,
                    {a.keys + h.features, h.token, h.feature}, s.tokens, s.head_width,
                    ScaledStore{p, h.feature, h.token, ScoreScale(s)});
  for (std::size_t i = 0; i < kRows; ++i) SoftmaxRow(p + (t + i) * h.feature, s.tokens, h.token);
  if (a.dropped != nullptr) {
    float* dropped = a.dropped + h.probabilities;
    for (std::size_t i = t; i < t + kRows; ++i) {
      MultiplyRow(p + i * h.feature, s.tokens, h.token, dropped + i * h.feature);
    }
    p = dropped;
  }
  RowOfTiles<kRows>({p, h.feature, h.token}, t, {a.values + h.features, h.feature, h.token},
                    s.head_width, s.tokens, PlainStore{a.output + h.features, h.token, h.feature});
}

void Attention(const AttentionShape& s, const AttentionForward& a) {
  for (std::size_t head = 0; head < s.heads; ++head) {
    for (std::size_t lane = 0; lane < s.stride; lane += hn::Lanes(D())) {
      const Head h = HeadAt(s, head, lane);
      std::size_t t = 0;
      for (; t + kTile <= s.tokens; t += kTile) Attend<kTile>(s, a, h, t);
      for (; t < s.tokens; ++t) Attend<1>(s, a, h, t);
    }
  }
}

// Overwrites the probabilities of the rows from t on with the gradients of their scores.
template <std::size_t kRows>
HWY_INLINE void ScoreGradients(const AttentionShape& s, const AttentionBackward& a, const Head& h,
                               std::size_t t) {
  const D d;
  // The sum over u of p times its gradient equals the sum over d of the output times its gradient,
  // also with dropout.
  HWY_ALIGN float means[kRows * 16];
  for (std::size_t i = 0; i < kRows; ++i) {
    V sum = hn::Zero(d);
    const std::size_t begin = h.features + (t + i) * h.token;
    for (std::size_t f = 0; f < s.head_width; ++f) {
      const std::size_t at = begin + f * h.feature;
      sum = hn::MulAdd(hn::Load(d, a.output + at), hn::Load(d, a.output_gradient + at), sum);
    }
    hn::Store(sum, d, means + i * hn::Lanes(d));
  }
  const Factor gradients{a.output_gradient + h.features + t * h.token, h.token, h.feature};
  const Factor values{a.values + h.features, h.token, h.feature};
  const std::size_t at = h.probabilities + t * h.feature;
  const SoftmaxBackwardStore store{a.probabilities + at, h.feature, h.token, means, ScoreScale(s)};
  if (a.dropped == nullptr) {
    RowOfTiles<kRows>(gradients, 0, values, s.tokens, s.head_width, store);
  } else {
    RowOfTiles<kRows>(gradients, 0, values, s.tokens, s.head_width,
                      DroppedSoftmaxBackwardStore{store, a.dropped + at});
  }
}

HWY_INLINE void HeadBackward(const AttentionShape& s, const AttentionBackward& a, const Head& h) {
  const Factor by_key{a.probabilities + h.probabilities, h.token, h.feature};
  const Factor by_query{a.probabilities + h.probabilities, h.feature, h.token};
  const float* weights = a.dropped == nullptr ? a.probabilities : a.dropped;
  Product({a.output_gradient + h.features, h.feature, h.token}, s.head_width,
          {weights + h.probabilities, h.token, h.feature}, s.tokens, s.tokens,
          PlainStore{a.value_gradient + h.features, h.feature, h.token});
  std::size_t t = 0;
  for (; t + kTile <= s.tokens; t += kTile) ScoreGradients<kTile>(s, a, h, t);
  for (; t < s.tokens; ++t) ScoreGradients<1>(s, a, h, t);
  Product({a.keys + h.features, h.feature, h.token}, s.head_width, by_query, s.tokens, s.tokens,
          PlainStore{a.query_gradient + h.features, h.feature, h.token});
  Product({a.queries + h.features, h.feature, h.token}, s.head_width, by_key, s.tokens, s.tokens,
          PlainStore{a.key_gradient + h.features, h.feature, h.token});
}

void AttentionBackwardSweep(const AttentionShape& s, const AttentionBackward& a) {
  for (std::size_t head = 0; head < s.heads; ++head) {
    for (std::size_t lane = 0; lane < s.stride; lane += hn::Lanes(D())) {
      HeadBackward(s, a, HeadAt(s, head, lane));
    }
  }
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(Attention);
HWY_EXPORT(AttentionBackwardSweep);

void attention(const AttentionShape& shape, const AttentionForward& arrays) {
  HWY_DYNAMIC_DISPATCH(Attention)(shape, arrays);
}

void attention_backward(const AttentionShape& shape, const AttentionBackward& arrays) {
  HWY_DYNAMIC_DISPATCH(AttentionBackwardSweep)(shape, arrays);
}

}  // namespace minima::kernels
#endif
