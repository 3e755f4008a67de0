// Properties of every quantized tensor.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compress/quantize/quantizer.h"
#include "support/properties.h"

namespace minima::compress {
namespace {

using rc::gen::element;
using rc::gen::inRange;

struct Tensor {
  std::vector<float> values;
  std::vector<std::uint8_t> mask;
  std::size_t channels = 1;

  [[nodiscard]] TensorView view() const {
    return {.values = values, .channels = channels, .mask = mask};
  }
};

/// Values of any size between 2^-20 and 2^20, or zero; some are pruned.
Tensor any_tensor() {
  Tensor tensor{.channels = *inRange<std::size_t>(1, 5)};
  const std::size_t count = tensor.channels * *inRange<std::size_t>(1, 12);
  const int exponent = *inRange(-20, 21);
  for (const int value : *rc::gen::container<std::vector<int>>(count, inRange(-1000, 1001))) {
    tensor.values.push_back(std::ldexp(static_cast<float>(value) / 1000.0F, exponent));
  }
  if (*rc::gen::arbitrary<bool>()) {
    for (const bool kept :
         *rc::gen::container<std::vector<bool>>(count, rc::gen::arbitrary<bool>())) {
      tensor.mask.push_back(kept ? 1 : 0);
    }
  }
  return tensor;
}

QuantizerSettings any_settings() {
  std::vector<NumberFormat> formats;
  for (const study::FormatInfo& format : study::number_formats()) formats.push_back(format.format);
  return {.format = *rc::gen::elementOf(formats),
          .granularity = *element(Granularity::tensor, Granularity::output_channel),
          .scheme = *element(Scheme::symmetric, Scheme::affine),
          .clipping = {.rule = *element(Clipping::Rule::max, Clipping::Rule::percentile,
                                        Clipping::Rule::least_squared_error)},
          .scaled_fp8 = *rc::gen::arbitrary<bool>()};
}

bool is_integer(NumberFormat format) {
  return info(format).kind == FormatKind::integer;
}

RC_GTEST_PROP(Quantizing, TwiceIsTheSameAsOnce, ()) {
  const Tensor tensor = any_tensor();
  QuantizerSettings settings = any_settings();
  settings.clipping.rule = Clipping::Rule::max;
  Tensor once{.values = quantize(tensor.view(), settings).values,
              .mask = tensor.mask,
              .channels = tensor.channels};
  const std::vector<float> twice = quantize(once.view(), settings).values;
  for (std::size_t i = 0; i < twice.size(); ++i) {
    const bool equal = twice[i] == once.values[i];  // infinities too
    RC_ASSERT(equal || std::abs(twice[i] - once.values[i]) <= 1e-5F * std::abs(once.values[i]));
  }
}

RC_GTEST_PROP(Quantizing, LeavesPrunedWeightsAtZero, ()) {
  const Tensor tensor = any_tensor();
  RC_PRE(!tensor.mask.empty());
  const std::vector<float> values = quantize(tensor.view(), any_settings()).values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (tensor.mask[i] == 0) RC_ASSERT(values[i] == 0.0F);
  }
}

RC_GTEST_PROP(Quantizing, ToIntegersOfTheWholeRangeErrsByHalfAStepAtMost, ()) {
  const Tensor tensor = any_tensor();
  QuantizerSettings settings = any_settings();
  RC_PRE(is_integer(settings.format));
  settings.clipping.rule = Clipping::Rule::max;
  const QuantizedTensor quantized = quantize(tensor.view(), settings);
  const std::size_t per_channel = tensor.values.size() / tensor.channels;
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    if (!tensor.mask.empty() && tensor.mask[i] == 0) continue;
    const float step = quantized.scale_of(i / per_channel);
    // An affine grid is shifted by up to half a step so that zero is one of its values.
    const float allowed = settings.scheme == Scheme::affine ? 1.01F * step : 0.501F * step;
    RC_ASSERT(std::abs(quantized.values[i] - tensor.values[i]) <= allowed);
  }
}

RC_GTEST_PROP(Quantizing, KeepsTheOrderOfAChannel, ()) {
  const Tensor tensor = any_tensor();
  const std::vector<float> values = quantize(tensor.view(), any_settings()).values;
  const std::size_t per_channel = values.size() / tensor.channels;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i - i % per_channel; j < i; ++j) {
      const bool pruned = !tensor.mask.empty() && (tensor.mask[i] == 0 || tensor.mask[j] == 0);
      if (!pruned && tensor.values[i] < tensor.values[j]) RC_ASSERT(values[i] <= values[j]);
    }
  }
}

}  // namespace
}  // namespace minima::compress
