// The weights of a whole network through one quantizer.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "compress/quantize/quantizer.h"
#include "network/graph.h"

namespace minima::compress {

/// Whether a tensor is quantized: the weights of linear maps and convolutions. Biases, layer norms,
/// positions and the class token stay as they are; together they are few.
[[nodiscard]] bool is_quantized(const network::Tensor& tensor);

/// Which tensors are to be quantized; of others it is not asked.
using TensorChoice = std::function<bool(const network::Tensor&)>;

/// Of all tensors of a network, in its order; those that are not quantized have no codes.
struct QuantizedParameters {
  std::vector<QuantizedTensor> tensors;
  std::vector<float> values;  ///< of all parameters, as the network is to be evaluated

  /// Scales and zero points that have to be stored beside the codes.
  [[nodiscard]] std::int64_t scales() const;
  [[nodiscard]] std::int64_t zero_points() const;  ///< 0 of symmetric formats
};

/// `parameters`: one array in the order of the tensors; `mask`: as many, or empty. Of the tensors
/// that can be quantized, those `chosen` are; without a choice all are. Throws
/// std::invalid_argument where sizes differ.
[[nodiscard]] QuantizedParameters quantize_parameters(const network::Graph& graph,
                                                      std::span<const float> parameters,
                                                      std::span<const std::uint8_t> mask,
                                                      const QuantizerSettings& settings,
                                                      const TensorChoice& chosen = nullptr);

/// The values alone, into `values`, which may be `parameters`: for training with quantized weights.
void fake_quantize_parameters(const network::Graph& graph, std::span<const float> parameters,
                              std::span<const std::uint8_t> mask, const QuantizerSettings& settings,
                              std::span<float> values);

}  // namespace minima::compress
