#pragma once

#include <cstdint>
#include <span>

#include "engine/transforms.h"
#include "network/graph.h"

namespace minima::engine {

/// A tensor's weights and their mask (0: the weight is zero; empty: no mask), of the same size.
struct MaskedWeights {
  std::span<const float> values;
  std::span<const std::uint8_t> mask;
};

/// Writes the quantized weights of a tensor to `values`. If the tensor is not quantized, copies its
/// weights.
void quantize(const QuantizeWeights& transform, const network::Tensor& tensor,
              const MaskedWeights& weights, std::span<float> values);

}  // namespace minima::engine
