#include "compress/build_integer_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "compress/integer_layer_builder.h"
#include "study/layers.h"

namespace minima::compress {
namespace {

using Refusal = IntegerBuild::Refusal;

void check_formats(const IntegerSettings& settings) {
  const FormatInfo& weights = info(settings.weights.format);
  if (weights.kind == FormatKind::floating) {
    throw Refused{Refusal::weight_format,
                  fmt::format("weights in {} are no integers", weights.name)};
  }
  if (settings.weights.format == NumberFormat::int16 &&
      settings.weights.canonical().scheme == Scheme::affine) {
    throw Refused{Refusal::weight_format, "affine int16 weights do not fit 16 bits once centred"};
  }
  if (largest_activation_code(settings.activations) == 0) {
    throw Refused{Refusal::activation_format,
                  fmt::format("activations cannot be {}", info(settings.activations).name)};
  }
}

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

/// Hands out the parameters of one layer after the other.
class Parameters {
 public:
  explicit Parameters(const TrainedNetwork& trained) : trained_(trained) {
    if (!trained.mask.empty() && trained.mask.size() != trained.parameters.size()) {
      throw std::invalid_argument("a mask and its parameters differ in size");
    }
  }

  LayerParameters next(const study::LayerSpec& layer) {
    LayerParameters result;
    for (const study::TensorSpec& tensor : layer.tensors()) {
      const auto count = static_cast<std::size_t>(tensor.count());
      if (used_ + count > trained_.parameters.size()) {
        throw std::invalid_argument("fewer parameters than the architecture has");
      }
      const auto values = trained_.parameters.subspan(used_, count);
      if (tensor.is_bias()) {
        result.biases = values;
      } else {
        result.weights = values;
        if (!trained_.mask.empty()) result.mask = trained_.mask.subspan(used_, count);
      }
      used_ += count;
    }
    return result;
  }

  void check_all_used() const {
    if (used_ != trained_.parameters.size()) {
      throw std::invalid_argument("more parameters than the architecture has");
    }
  }

 private:
  const TrainedNetwork& trained_;
  std::size_t used_ = 0;
};

IntegerNetwork build(const TrainedNetwork& trained, std::span<const Range> ranges,
                     const IntegerSettings& settings) {
  check_formats(settings);
  if (!all_finite(trained.parameters)) {
    throw Refused{Refusal::not_finite, "a parameter is not finite"};
  }
  const std::vector<study::LayerSpec> specs =
      study::layers_of(trained.architecture, trained.problem);
  const auto channels = static_cast<std::size_t>(trained.problem.image.channels);
  if (ranges.size() != specs.size() || trained.pixel_scale.size() != channels ||
      trained.pixel_shift.size() != channels) {
    throw std::invalid_argument("ranges or pixel scales do not fit the architecture");
  }
  IntegerNetwork network{.problem = trained.problem,
                         .weights = settings.weights.canonical(),
                         .activations = settings.activations};
  Parameters parameters(trained);
  Activations activations = pixels(trained);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    LayerBuilder builder(settings, activations, parameters.next(specs[i]), ranges[i]);
    network.layers.push_back(builder.build(specs[i], i + 1 == specs.size()));
    activations = builder.outputs();
  }
  parameters.check_all_used();
  return network;
}

}  // namespace

int largest_activation_code(NumberFormat format) {
  const FormatInfo& about = info(format);
  if (about.kind != FormatKind::integer) return 0;
  return about.bits > 8 ? 32767 : (1 << about.bits) - 1;
}

IntegerBuild build_integer_network(const TrainedNetwork& trained,
                                   std::span<const Range> output_ranges,
                                   const IntegerSettings& settings) {
  try {
    return {.network = build(trained, output_ranges, settings)};
  } catch (const Refused& refused) {
    return {.refusal = refused.refusal, .reason = refused.reason};
  }
}

}  // namespace minima::compress
