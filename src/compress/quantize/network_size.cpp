#include "compress/quantize/network_size.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace minima::compress {
namespace {

constexpr std::int64_t kFloatBytes = 4;
constexpr std::int64_t kFloatBits = 32;

std::int64_t bytes_of(std::int64_t bits) {
  return (bits + 7) / 8;
}

/// Bytes of the smallest integer type that holds 0..largest.
std::int64_t number_bytes(std::int64_t largest, std::int64_t least_bytes) {
  if (least_bytes <= 1 && largest < (1 << 8)) return 1;
  return largest < (1 << 16) ? 2 : 4;
}

/// n times the entropy of symbols with these counts: sum c log2(n / c).
template <typename Counts>
double entropy_bits(const Counts& counts, std::int64_t n) {
  double bits = 0.0;
  for (const std::int64_t count : counts) {
    if (count == 0) continue;
    const auto c = static_cast<double>(count);
    bits += c * std::log2(static_cast<double>(n) / c);
  }
  return bits;
}

double code_entropy_bits(const QuantizedTensor& tensor) {
  std::map<std::int32_t, std::int64_t> often;
  for (const std::int32_t code : tensor.codes) ++often[code];
  std::vector<std::int64_t> counts;
  for (const auto& [code, count] : often) counts.push_back(count);
  return entropy_bits(counts, static_cast<std::int64_t>(tensor.codes.size()));
}

TensorSize tensor_size(const network::Tensor& tensor, std::span<const std::uint8_t> mask,
                       const QuantizedTensor* quantized) {
  TensorSize size{.name = tensor.spec.name, .weights = static_cast<std::int64_t>(tensor.count)};
  const std::int64_t n = size.weights;
  const std::int64_t pruned = mask.empty() ? 0 : std::ranges::count(tensor.of(mask), 0);
  const std::int64_t k = n - pruned;
  const std::int64_t rows = tensor.spec.shape[0];
  const std::int64_t bits = quantized == nullptr ? kFloatBits : info(quantized->format).bits;
  const bool has_zero = quantized == nullptr || info(quantized->format).has_zero();
  size.kept = k;
  if (pruned == 0 || has_zero) size.dense = bytes_of(n * bits);
  const std::int64_t columns = rows == 0 ? 0 : n / rows;
  size.sparse_index =
      bytes_of(k * bits) + k * number_bytes(columns - 1, 1) + (rows + 1) * number_bytes(k, 2);
  size.bitmask = bytes_of(n) + bytes_of(k * bits);
  size.entropy_bits = quantized == nullptr ? entropy_bits(std::vector{k, pruned}, n) +
                                                 static_cast<double>(k * kFloatBits)
                                           : code_entropy_bits(*quantized);
  return size;
}

void add_up(NetworkSize& size) {
  const std::int64_t fixed = size.scales + size.rest;
  double bits = 0.0;
  size.dense = fixed;
  size.sparse_index = size.bitmask = size.packed = fixed;
  for (const TensorSize& tensor : size.tensors) {
    size.dense =
        size.dense && tensor.dense ? std::optional(*size.dense + *tensor.dense) : std::nullopt;
    size.sparse_index += tensor.sparse_index;
    size.bitmask += tensor.bitmask;
    size.packed += tensor.packed();
    bits += tensor.entropy_bits;
  }
  size.entropy = fixed + static_cast<std::int64_t>(std::ceil(bits / 8.0));
}

}  // namespace

std::int64_t TensorSize::packed() const {
  const std::int64_t sparse = std::min(sparse_index, bitmask);
  return dense ? std::min(*dense, sparse) : sparse;
}

NetworkSize network_size(const network::Graph& graph, std::span<const std::uint8_t> mask,
                         const QuantizedParameters* quantized) {
  const auto parameters = static_cast<std::size_t>(graph.parameters());
  check_sizes(graph, parameters, mask);
  if (quantized != nullptr && quantized->values.size() != parameters) {
    throw std::invalid_argument("quantized parameters do not fit the network");
  }
  NetworkSize size;
  if (quantized != nullptr) {
    size.scales = kFloatBytes * (quantized->scales() + quantized->zero_points());
  }
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    const network::Tensor& tensor = graph.tensors[i];
    if (is_quantized(tensor)) {
      const bool is_float = quantized == nullptr || quantized->tensors[i].codes.empty();
      size.tensors.push_back(
          tensor_size(tensor, mask, is_float ? nullptr : &quantized->tensors[i]));
    } else {
      size.rest += kFloatBytes * static_cast<std::int64_t>(tensor.count);
    }
  }
  add_up(size);
  return size;
}

}  // namespace minima::compress
