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

/// Writes what training computes with instead of the weights; copies the weights of tensors that
/// are not quantized.
void quantize(const QuantizeWeights& transform, const network::Tensor& tensor,
              const MaskedWeights& weights, std::span<float> values);

}  // namespace minima::engine
