#include "compress/parameter_quantizer.h"

#include <algorithm>
#include <stdexcept>

namespace minima::compress {
namespace {

/// Calls use(spec, view of its values, where they begin) for every tensor.
template <typename Use>
void over_tensors(std::span<const study::LayerSpec> layers, std::span<const float> parameters,
                  std::span<const std::uint8_t> mask, Use use) {
  if (!mask.empty() && mask.size() != parameters.size()) {
    throw std::invalid_argument("a mask and its parameters differ in size");
  }
  std::size_t begin = 0;
  for (const study::LayerSpec& layer : layers) {
    for (const study::TensorSpec& spec : layer.tensors()) {
      const auto count = static_cast<std::size_t>(spec.count());
      if (begin + count > parameters.size()) break;
      TensorView view{.values = parameters.subspan(begin, count),
                      .channels = static_cast<std::size_t>(spec.shape[0])};
      if (!mask.empty()) view.mask = mask.subspan(begin, count);
      use(spec, view, begin);
      begin += count;
    }
  }
  if (begin != parameters.size()) {
    throw std::invalid_argument("parameters do not fit the layers");
  }
}

}  // namespace

bool is_quantized(const study::TensorSpec& tensor) {
  return tensor.shape.size() >= 2 && tensor.fan_in > 0;
}

std::int64_t QuantizedParameters::scales() const {
  std::int64_t count = 0;
  for (const QuantizedTensor& tensor : tensors) {
    const FormatInfo& format = info(tensor.format);
    const bool none = format.kind == FormatKind::floating && format.bits == 16;
    if (!none) count += static_cast<std::int64_t>(tensor.scales.size());
  }
  return count;
}

std::int64_t QuantizedParameters::zero_points() const {
  std::int64_t count = 0;
  for (const QuantizedTensor& tensor : tensors) {
    if (tensor.affine) count += static_cast<std::int64_t>(tensor.zero_points.size());
  }
  return count;
}

QuantizedParameters quantize_parameters(std::span<const study::LayerSpec> layers,
                                        std::span<const float> parameters,
                                        std::span<const std::uint8_t> mask,
                                        const QuantizerSettings& settings,
                                        const TensorChoice& chosen) {
  QuantizedParameters result{.values = {parameters.begin(), parameters.end()}};
  over_tensors(layers, parameters, mask,
               [&](const study::TensorSpec& spec, const TensorView& view, std::size_t begin) {
                 result.specs.push_back(spec);
                 result.tensors.emplace_back();
                 if (!is_quantized(spec) || (chosen && !chosen(spec))) return;
                 result.tensors.back() = quantize(view, settings);
                 std::ranges::copy(result.tensors.back().values,
                                   result.values.begin() + static_cast<std::ptrdiff_t>(begin));
               });
  return result;
}

void fake_quantize_parameters(std::span<const study::LayerSpec> layers,
                              std::span<const float> parameters, std::span<const std::uint8_t> mask,
                              const QuantizerSettings& settings, std::span<float> values) {
  if (values.size() != parameters.size()) {
    throw std::invalid_argument("values and parameters differ in size");
  }
  over_tensors(layers, parameters, mask,
               [&](const study::TensorSpec& spec, const TensorView& view, std::size_t begin) {
                 const auto to = values.subspan(begin, view.values.size());
                 if (is_quantized(spec)) return fake_quantize(view, settings, to);
                 std::ranges::copy(view.values, to.begin());
               });
}

}  // namespace minima::compress
