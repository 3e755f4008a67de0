#include "kernels/training/loss.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/training/loss.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// Include after highway.h.
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace minima::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using DI = hn::Rebind<std::int32_t, D>;
using V = hn::Vec<D>;
using VI = hn::Vec<DI>;

struct Largest {
  V value;
  VI index;
};

HWY_INLINE Largest FindLargest(D d, DI di, const LossArguments& a, std::size_t b) {
  Largest top{hn::Load(d, a.logits + b), hn::Zero(di)};
  for (std::size_t c = 1; c < a.classes; ++c) {
    const auto z = hn::Load(d, a.logits + c * a.stride + b);
    const auto larger = hn::Gt(z, top.value);
    top.value = hn::IfThenElse(larger, z, top.value);
    top.index =
        hn::IfThenElse(hn::RebindMask(di, larger), hn::Set(di, static_cast<int>(c)), top.index);
  }
  return top;
}

// Adds the loss of the lanes at column b, whose labels are `label`, and writes their gradient.
HWY_INLINE V CrossEntropyColumn(D d, DI di, const LossArguments& a, std::size_t b, VI label,
                                V largest) {
  auto sum = hn::Zero(d);
  auto own = hn::Zero(d);
  for (std::size_t c = 0; c < a.classes; ++c) {
    const auto z = hn::Sub(hn::Load(d, a.logits + c * a.stride + b), largest);
    const auto e = hn::Exp(d, z);
    const auto is_own = hn::RebindMask(d, hn::Eq(label, hn::Set(di, static_cast<int>(c))));
    own = hn::IfThenElse(is_own, z, own);
    sum = hn::Add(sum, e);
    if (a.gradient != nullptr) {
      // exp(z - largest) for now; negated in the label's row so that one pass can finish it.
      hn::Store(hn::IfThenElse(is_own, hn::Neg(e), e), d, a.gradient + c * a.stride + b);
    }
  }
  if (a.gradient != nullptr) {
    auto mean = hn::Set(d, 1.0F / static_cast<float>(a.count));
    if (a.weights != nullptr) mean = hn::Mul(mean, hn::Load(d, a.weights + b));
    const auto factor = hn::Div(mean, sum);
    const auto padding = hn::RebindMask(d, hn::Lt(label, hn::Zero(di)));
    for (std::size_t c = 0; c < a.classes; ++c) {
      float* at = a.gradient + c * a.stride + b;
      const auto e = hn::Load(d, at);
      const auto is_own = hn::RebindMask(d, hn::Eq(label, hn::Set(di, static_cast<int>(c))));
      const auto share = hn::Mul(hn::Abs(e), factor);
      const auto gradient = hn::IfThenElse(is_own, hn::Sub(share, mean), share);
      hn::Store(hn::IfThenZeroElse(padding, gradient), d, at);
    }
  }
  return hn::Sub(hn::Log(d, sum), own);
}

HWY_INLINE V SquaredErrorColumn(D d, DI di, const LossArguments& a, std::size_t b, VI label, V) {
  const float classes = static_cast<float>(a.classes);
  auto slope = hn::Set(d, 2.0F / (classes * static_cast<float>(a.count)));
  if (a.weights != nullptr) slope = hn::Mul(slope, hn::Load(d, a.weights + b));
  const auto padding = hn::RebindMask(d, hn::Lt(label, hn::Zero(di)));
  auto sum = hn::Zero(d);
  for (std::size_t c = 0; c < a.classes; ++c) {
    const auto is_own = hn::RebindMask(d, hn::Eq(label, hn::Set(di, static_cast<int>(c))));
    const auto target = hn::IfThenElseZero(is_own, hn::Set(d, 1.0F));
    const auto error = hn::Sub(hn::Load(d, a.logits + c * a.stride + b), target);
    sum = hn::MulAdd(error, error, sum);
    if (a.gradient != nullptr) {
      hn::Store(hn::IfThenZeroElse(padding, hn::Mul(error, slope)), d,
                a.gradient + c * a.stride + b);
    }
  }
  return hn::Mul(sum, hn::Set(d, 1.0F / classes));
}

template <V (*kColumn)(D, DI, const LossArguments&, std::size_t, VI, V)>
HWY_INLINE LossSums Sweep(const LossArguments& a) {
  const D d;
  const DI di;
  LossSums sums;
  for (std::size_t b = 0; b < a.stride; b += hn::Lanes(d)) {
    const auto label = hn::Load(di, a.labels + b);
    const Largest top = FindLargest(d, di, a, b);
    if (a.predictions != nullptr) hn::Store(top.index, di, a.predictions + b);
    sums.correct += static_cast<std::int64_t>(hn::CountTrue(di, hn::Eq(top.index, label)));
    auto loss = kColumn(d, di, a, b, label, top.value);
    if (a.weights != nullptr) loss = hn::Mul(loss, hn::Load(d, a.weights + b));
    const auto padding = hn::RebindMask(d, hn::Lt(label, hn::Zero(di)));
    sums.loss +=
        static_cast<double>(hn::GetLane(hn::SumOfLanes(d, hn::IfThenZeroElse(padding, loss))));
  }
  return sums;
}

LossSums SoftmaxCrossEntropy(const LossArguments& a) {
  return Sweep<CrossEntropyColumn>(a);
}

LossSums MeanSquaredError(const LossArguments& a) {
  return Sweep<SquaredErrorColumn>(a);
}

}  // namespace minima::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace minima::kernels {

HWY_EXPORT(SoftmaxCrossEntropy);
HWY_EXPORT(MeanSquaredError);

LossSums softmax_cross_entropy(const LossArguments& arguments) {
  return HWY_DYNAMIC_DISPATCH(SoftmaxCrossEntropy)(arguments);
}

LossSums mean_squared_error(const LossArguments& arguments) {
  return HWY_DYNAMIC_DISPATCH(MeanSquaredError)(arguments);
}

}  // namespace minima::kernels
#endif
