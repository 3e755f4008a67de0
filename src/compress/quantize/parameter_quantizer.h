// Quantizes the weights of a whole network.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "compress/quantize/quantizer.h"
#include "network/graph.h"

namespace minima::compress {

/// Whether a tensor is quantized: the weights of linear maps and convolutions are. Biases, layer
/// norms, positions and the class token keep their values; together they are few.
[[nodiscard]] bool is_quantized(const network::Tensor& tensor);

/// Selects the tensors to quantize. Only called for tensors that can be quantized.
using TensorChoice = std::function<bool(const network::Tensor&)>;

/// All tensors of a network, in its order. Tensors that are not quantized have no codes.
struct QuantizedParameters {
  std::vector<QuantizedTensor> tensors;
  std::vector<float> values;  ///< all parameters, as used to evaluate the network

  /// Number of scales and zero points stored beside the codes.
  [[nodiscard]] std::int64_t scales() const;
  [[nodiscard]] std::int64_t zero_points() const;  ///< 0 for symmetric formats
};

/// `parameters`: one array in the order of the tensors. `mask`: the same size, or empty. Quantizes
/// the `chosen` ones among the tensors that can be quantized; all of them if `chosen` is null.
/// Throws std::invalid_argument if sizes differ.
[[nodiscard]] QuantizedParameters quantize_parameters(const network::Graph& graph,
                                                      std::span<const float> parameters,
                                                      std::span<const std::uint8_t> mask,
                                                      const QuantizerSettings& settings,
                                                      const TensorChoice& chosen = nullptr);

}  // namespace minima::compress
