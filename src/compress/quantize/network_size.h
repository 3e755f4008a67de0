// Storage size of a network's parameters, by encoding.
//
// n is the number of weights of a tensor, k the number of weights that its mask keeps, b the bits
// per value: 32, or the bits of the number format. Every part is rounded up to whole bytes.
//
//   dense         n b bits
//   sparse_index  compressed sparse rows, one row per output ([out][the rest]): k b bits of
//                 values, k column numbers of 8, 16 or 32 bits (the smallest that can address the
//                 columns of a row), rows + 1 row starts of 16 bits, or 32 if k >= 65,536
//   bitmask       1 bit for each weight, k b bits of values
//   entropy       a lower bound, not an encoding. Quantized tensors: n times the Shannon entropy of
//                 their codes, with zero as one of the symbols (a pruned weight of `binary`, too).
//                 32-bit floats: n times the entropy of the mask, and 32 bits per kept value
//
// A tensor with pruned weights cannot be dense in a format without a zero (binary). The tensors are
// those that is_quantized accepts. All other parameters (biases, layer norms, positions, pruned or
// not) take 4 bytes per value in every encoding, and so does each scale and each zero point.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compress/quantize/parameter_quantizer.h"
#include "network/graph.h"

namespace minima::compress {

/// Size of one tensor in bytes, without scales and zero points.
struct TensorSize {
  std::string name;
  std::int64_t weights = 0;
  std::int64_t kept = 0;
  std::optional<std::int64_t> dense;  ///< nothing if impossible
  std::int64_t sparse_index = 0;
  std::int64_t bitmask = 0;
  double entropy_bits = 0.0;

  [[nodiscard]] std::int64_t packed() const;  ///< the smallest of the encodings
};

/// Size of all parameters in bytes.
struct NetworkSize {
  std::vector<TensorSize> tensors;
  std::int64_t scales = 0;  ///< scales and zero points
  std::int64_t rest = 0;    ///< parameters outside the tensors above
  // Each of these includes scales and rest.
  std::optional<std::int64_t> dense;  ///< nothing if impossible for a tensor
  std::int64_t sparse_index = 0;
  std::int64_t bitmask = 0;
  std::int64_t entropy = 0;  ///< rounded up once for all tensors
  std::int64_t packed = 0;   ///< each tensor in its smallest encoding
};

/// `mask`: one element per parameter, or empty (all are kept). `quantized`: the result of
/// quantize_parameters for the same network and mask; null: 32-bit floats. Throws
/// std::invalid_argument if sizes differ.
[[nodiscard]] NetworkSize network_size(const network::Graph& graph,
                                       std::span<const std::uint8_t> mask,
                                       const QuantizedParameters* quantized = nullptr);

}  // namespace minima::compress
