#include "compress/quantize/parameter_quantizer.h"

#include <algorithm>

namespace minima::compress {
namespace {

TensorView view_of(const network::Tensor& tensor, std::span<const float> parameters,
                   std::span<const std::uint8_t> mask) {
  TensorView view{.values = tensor.of(parameters), .channels = tensor.rows()};
  if (!mask.empty()) view.mask = tensor.of(mask);
  return view;
}

}  // namespace

bool is_quantized(const network::Tensor& tensor) {
  return tensor.role == network::Role::weight;
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

QuantizedParameters quantize_parameters(const network::Graph& graph,
                                        std::span<const float> parameters,
                                        std::span<const std::uint8_t> mask,
                                        const QuantizerSettings& settings,
                                        const TensorChoice& chosen) {
  check_sizes(graph, parameters.size(), mask);
  QuantizedParameters result{.values = {parameters.begin(), parameters.end()}};
  for (const network::Tensor& tensor : graph.tensors) {
    QuantizedTensor& quantized = result.tensors.emplace_back();
    if (!is_quantized(tensor) || (chosen && !chosen(tensor))) continue;
    quantized = quantize(view_of(tensor, parameters, mask), settings);
    std::ranges::copy(quantized.values, tensor.of(std::span(result.values)).begin());
  }
  return result;
}

}  // namespace minima::compress
