// Transforms of weights: what a run computes with in training instead of its weights, for example
// quantized values.
#pragma once

#include <cstddef>
#include <span>

#include "network/graph.h"

namespace minima::engine {

/// Called on the thread that trains, for every tensor of a network, before each step's forward pass
/// and before each evaluation. The forward and backward pass use the transformed values. Their
/// gradient is applied to the weights unchanged (straight-through estimator; Bengio, Leonard,
/// Courville 2013, arXiv 1308.3432).
class WeightTransform {
 public:
  virtual ~WeightTransform() = default;
  /// Writes all of `values`, as many as `weights`; copies weights that are not to change. A run's
  /// bits are independent of other runs only if the values depend on the arguments alone.
  virtual void apply(const network::Tensor& tensor, std::span<const float> weights,
                     std::span<float> values) const = 0;
};

}  // namespace minima::engine
