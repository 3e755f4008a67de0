// What a run in training computes with in place of its weights: quantized ones, for example.
#pragma once

#include <cstddef>
#include <span>

#include "network/graph.h"

namespace minima::engine {

/// Called on the thread that trains, for every tensor of a network before each step's forward pass
/// and before each evaluation. Forward and backward pass use the values; the gradient with respect
/// to them changes the weights as it is (straight-through estimator; Bengio, Leonard, Courville
/// 2013, arXiv 1308.3432).
class WeightTransform {
 public:
  virtual ~WeightTransform() = default;
  /// Writes all of `values`, as many as `weights`: copies them where nothing is to be changed.
  /// To keep a run's bits independent of others, the values may depend on nothing but the
  /// arguments.
  virtual void apply(const network::Tensor& tensor, std::span<const float> weights,
                     std::span<float> values) const = 0;
};

}  // namespace minima::engine
