// What the parameters of a network take in storage, by encoding.
//
// n is a tensor's number of weights, k that of the weights its mask keeps, b the bits of a value:
// 32, or those of the number format. Every part is rounded up to whole bytes.
//
//   dense         n b bits
//   sparse_index  compressed sparse rows, a row being an output ([out][the rest]): k b bits of
//                 values, k column numbers of 8, 16 or 32 bits (the smallest that can tell the
//                 columns of a row apart), rows + 1 row starts of 16 bits, or 32 where k >= 65,536
//   bitmask       1 bit for each weight, k b bits of values
//   entropy       a bound, no encoding: of quantized tensors n times the Shannon entropy of their
//                 codes, zero being one of the symbols (a pruned weight of `binary`, too); of
//                 32-bit floats n times the entropy of the mask, and 32 bits for each kept value
//
// A tensor of which weights are pruned cannot be dense in a format without a zero (binary). The
// tensors are those of is_quantized; the rest (biases, layer norms, positions, pruned or not) takes
// 4 bytes a value in every encoding, and so does each scale and each zero point.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compress/quantize/parameter_quantizer.h"
#include "network/graph.h"

namespace minima::compress {

/// Of one tensor, in bytes, without scales and zero points.
struct TensorSize {
  std::string name;
  std::int64_t weights = 0;
  std::int64_t kept = 0;
  std::optional<std::int64_t> dense;  ///< none where that is impossible
  std::int64_t sparse_index = 0;
  std::int64_t bitmask = 0;
  double entropy_bits = 0.0;

  [[nodiscard]] std::int64_t packed() const;  ///< the smallest of the encodings
};

/// Of all parameters, in bytes.
struct NetworkSize {
  std::vector<TensorSize> tensors;
  std::int64_t scales = 0;  ///< scales and zero points
  std::int64_t rest = 0;    ///< parameters that are in none of the tensors
  // Each with scales and rest:
  std::optional<std::int64_t> dense;  ///< none where it is impossible for a tensor
  std::int64_t sparse_index = 0;
  std::int64_t bitmask = 0;
  std::int64_t entropy = 0;  ///< rounded up once for all tensors
  std::int64_t packed = 0;   ///< each tensor in its smallest encoding
};

/// `mask`: one for each parameter, or empty (all are kept). `quantized`: the same network by
/// quantize_parameters with that mask; null: 32-bit floats. Throws std::invalid_argument where
/// sizes differ.
[[nodiscard]] NetworkSize network_size(const network::Graph& graph,
                                       std::span<const std::uint8_t> mask,
                                       const QuantizedParameters* quantized = nullptr);

}  // namespace minima::compress
