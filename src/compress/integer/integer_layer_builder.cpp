#include "compress/integer/integer_layer_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "compress/quantize/activation_quantizer.h"

namespace minima::compress {
namespace {

using Refusal = IntegerBuild::Refusal;

constexpr double kAccumulatorEnd = 0x1p31;
constexpr double kStepsOfLoneBias = 0x1p20;
constexpr int kExtraBitsOfLogits = 8;

/// Codes of hidden layers are clamped at zero, so their activation must be ReLU. Logits have no
/// activation, and pooling keeps the codes of its input.
void check_activation(const network::Op& op, bool is_last) {
  if (is_last || op.units() == 0 || network::traits(op.activation).is_clamp_at_zero) return;
  throw Refused{
      Refusal::activation,
      fmt::format("no integer arithmetic for hidden layers with activation {}", op.activation)};
}

}  // namespace

Activations pixels(const TrainedNetwork& trained) {
  Activations result{.shape = trained.problem.image};
  result.scale = static_cast<double>(
      *std::max_element(trained.pixel_scale.begin(), trained.pixel_scale.end()));
  for (std::size_t c = 0; c < trained.pixel_scale.size(); ++c) {
    result.relative.push_back(static_cast<double>(trained.pixel_scale[c]) / result.scale);
    result.shift.push_back(static_cast<double>(trained.pixel_shift[c]));
  }
  return result;
}

LayerBuilder::LayerBuilder(const IntegerSettings& settings, Activations input,
                           LayerParameters parameters, const Range& output_range)
    : settings_(settings),
      input_(std::move(input)),
      parameters_(parameters),
      range_(output_range) {}

IntegerLayer LayerBuilder::build(const std::string& name, const network::Op& op, bool is_last) {
  layer_.name = name;
  layer_.is_output = is_last;
  layer_.input = input_.shape;
  layer_.reals.input_scale = input_.scale;
  layer_.output_high = is_last ? 0 : largest_activation_code(settings_.activations);
  if (!is_last && !std::isfinite(range_.high)) {
    throw Refused{Refusal::not_finite, fmt::format("{}: its range is not finite", name)};
  }
  try {
    check_activation(op, is_last);
    std::visit([this](const auto& what) { add(what); }, op.what);
  } catch (Refused& refused) {
    refused.reason = fmt::format("{}: {}", name, refused.reason);
    throw;
  }
  return layer_;
}

Activations LayerBuilder::outputs() const {
  return {.shape = layer_.output, .scale = layer_.reals.output_scale, .high = layer_.output_high};
}

template <typename Other>
void LayerBuilder::add(const Other& /*other*/) {
  throw Refused{Refusal::family, "no integer arithmetic for layers of vision transformers"};
}

void LayerBuilder::add(const network::Linear& linear) {
  layer_.kind = IntegerLayer::Kind::dense;
  layer_.output = {.channels = linear.outputs, .height = 1, .width = 1};
  add_products();
}

void LayerBuilder::add(const network::Convolution& convolution) {
  layer_.kind = IntegerLayer::Kind::convolution;
  layer_.output = convolution.output();
  layer_.window_height = layer_.window_width = convolution.kernel;
  layer_.stride = convolution.stride;
  layer_.padding = convolution.padding;
  if (convolution.padding > 0) {
    layer_.padding_codes.assign(static_cast<std::size_t>(convolution.input.channels), 0);
    for (std::size_t c = 0; c < input_.shift.size(); ++c) {
      const double zero = -input_.shift[c] / (input_.scale * input_.relative[c]);
      layer_.padding_codes[c] = static_cast<std::int16_t>(
          std::clamp(std::nearbyint(zero), 0.0, static_cast<double>(input_.high)));
    }
  }
  add_products();
}

void LayerBuilder::add(const network::Pooling& pooling) {
  using Kind = network::Pooling::Kind;
  layer_.output = pooling.output();
  const bool global = pooling.kind == Kind::global_average;
  layer_.window_height = global ? pooling.input.height : 2;
  layer_.window_width = global ? pooling.input.width : 2;
  layer_.stride = global ? 1 : 2;
  layer_.reals.output_scale = input_.scale;
  if (pooling.kind == Kind::max) {
    layer_.kind = IntegerLayer::Kind::max_pool;
    return;
  }
  layer_.kind = IntegerLayer::Kind::average_pool;
  if (range_.high > 0.0F) {
    layer_.reals.output_scale = static_cast<double>(range_.high) / layer_.output_high;
  }
  const double window = layer_.window_height * layer_.window_width;
  if (window * input_.high >= kAccumulatorEnd) {
    throw Refused{Refusal::accumulator, "the sum of a window may overflow 32 bits"};
  }
  add_requantization(std::vector{input_.scale / window / layer_.reals.output_scale});
}

void LayerBuilder::add_products() {
  add_weights();
  add_biases();
  check_accumulators();
  if (layer_.is_output) {
    scale_logits();
  } else {
    scale_outputs();
  }
}

std::size_t LayerBuilder::input_channel(std::size_t weight) const {
  const std::size_t per_output = parameters_.weights.size() / layer_.outputs();
  const std::size_t per_channel = per_output / static_cast<std::size_t>(layer_.input.channels);
  return weight % per_output / per_channel;
}

std::vector<float> LayerBuilder::weights_of_pixels() const {
  std::vector<float> weights(parameters_.weights.begin(), parameters_.weights.end());
  for (std::size_t i = 0; i < weights.size() && !input_.relative.empty(); ++i) {
    weights[i] =
        static_cast<float>(static_cast<double>(weights[i]) * input_.relative[input_channel(i)]);
  }
  return weights;
}

void LayerBuilder::add_weights() {
  const std::vector<float> weights = weights_of_pixels();
  const std::size_t outputs = layer_.outputs();
  const QuantizedTensor quantized = quantize(
      {.values = weights, .channels = outputs, .mask = parameters_.mask}, settings_.weights);
  const std::size_t each = weights.size() / outputs;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::int32_t centred = quantized.codes[i] - quantized.zero_point_of(i / each);
    const bool is_zero = quantized.scale_of(i / each) == 0.0F;
    layer_.weights.push_back(static_cast<std::int16_t>(is_zero ? 0 : centred));
  }
  for (std::size_t o = 0; o < outputs; ++o) {
    layer_.weight_zero_points.push_back(quantized.zero_point_of(o));
    // Binary weights that are all zero have scale 0. Their codes are 0, so any scale works.
    const auto scale = static_cast<double>(quantized.scale_of(o));
    layer_.reals.weight_scales.push_back(scale > 0.0 ? scale : 1.0);
  }
}

double LayerBuilder::accumulator_scale(std::size_t output) const {
  return layer_.reals.weight_scales[output] * input_.scale;
}

void LayerBuilder::add_biases() {
  const std::size_t outputs = layer_.outputs();
  const std::size_t each = layer_.weights_per_output();
  const bool alike = settings_.weights.canonical().granularity == Granularity::tensor;
  std::vector<double>& biases = layer_.reals.biases;
  for (std::size_t o = 0; o < outputs; ++o) {
    double bias = static_cast<double>(parameters_.biases[o]);
    for (std::size_t i = o * each; i < (o + 1) * each && !input_.shift.empty(); ++i) {
      const double weight = layer_.weights[i] * layer_.reals.weight_scales[o];
      const std::size_t channel = input_channel(i);
      // The weights were multiplied by `relative`, but the shift applies to unscaled pixels.
      bias += weight / input_.relative[channel] * input_.shift[channel];
    }
    biases.push_back(bias);
  }
  const auto is_zero = [](std::int16_t weight) { return weight == 0; };
  double largest = 0.0;
  for (const double bias : biases) largest = std::max(largest, std::fabs(bias));
  for (std::size_t o = 0; o < outputs; ++o) {
    const auto begin = layer_.weights.begin() + static_cast<std::ptrdiff_t>(alike ? 0 : o * each);
    const auto end = alike ? layer_.weights.end() : begin + static_cast<std::ptrdiff_t>(each);
    const double bias = alike ? largest : std::fabs(biases[o]);
    if (bias > 0.0 && std::all_of(begin, end, is_zero)) {
      layer_.reals.weight_scales[o] = bias / kStepsOfLoneBias / input_.scale;
    }
  }
}

void LayerBuilder::check_accumulators() {
  const std::size_t each = layer_.weights_per_output();
  for (std::size_t o = 0; o < layer_.outputs(); ++o) {
    const double bias = std::round(layer_.reals.biases[o] / accumulator_scale(o));
    double sum = std::fabs(bias);
    for (std::size_t i = o * each; i < (o + 1) * each; ++i) {
      sum += std::abs(static_cast<int>(layer_.weights[i])) * static_cast<double>(input_.high);
    }
    if (!(sum < kAccumulatorEnd)) {
      throw Refused{
          Refusal::accumulator,
          fmt::format("the sum of output {} may reach {:.3g}, more than 32 bits", o, sum)};
    }
    largest_.push_back(sum);
    layer_.biases.push_back(static_cast<std::int32_t>(bias));
  }
}

void LayerBuilder::scale_outputs() {
  double& scale = layer_.reals.output_scale;
  scale = static_cast<double>(range_.high) / layer_.output_high;
  if (!(scale > 0.0)) {
    scale = 0.0;
    for (std::size_t o = 0; o < layer_.outputs(); ++o) {
      scale = std::max(scale, accumulator_scale(o));
    }
  }
  std::vector<double> factors;
  for (std::size_t o = 0; o < layer_.outputs(); ++o) {
    factors.push_back(accumulator_scale(o) / scale);
  }
  add_requantization(factors);
}

void LayerBuilder::scale_logits() {
  double& scale = layer_.reals.output_scale;
  scale = accumulator_scale(0);
  std::vector<double> factors;
  for (std::size_t o = 0; o < layer_.outputs(); ++o) factors.push_back(accumulator_scale(o));
  if (std::all_of(factors.begin(), factors.end(), [&](double f) { return f == scale; })) return;
  scale = 0.0;
  for (std::size_t o = 0; o < layer_.outputs(); ++o) {
    if (largest_[o] > 0.0) scale = std::max(scale, factors[o]);
  }
  // An output that is always 0 does not affect the common scale. Its own scale may be larger, so it
  // is capped.
  for (double& factor : factors) factor = std::min(factor, scale) / scale;
  int bits = kExtraBitsOfLogits;
  const auto fits = [&] {
    for (std::size_t o = 0; o < factors.size(); ++o) {
      if (std::ldexp(largest_[o] * factors[o], bits) >= kAccumulatorEnd / 2.0) return false;
    }
    return true;
  };
  while (bits > 0 && !fits()) --bits;
  for (double& factor : factors) factor = std::ldexp(factor, bits);
  scale = std::ldexp(scale, -bits);
  add_requantization(factors);
}

void LayerBuilder::add_requantization(std::span<const double> factors) {
  for (const double factor : factors) {
    if (!(factor < 0x1p30)) {
      throw Refused{Refusal::scale, "its outputs are too small beside its weights"};
    }
    layer_.requantization.push_back(requantization_of(factor));
  }
  const bool alike =
      std::all_of(factors.begin(), factors.end(), [&](double f) { return f == factors[0]; });
  if (alike) layer_.requantization.resize(1);
}

}  // namespace minima::compress
