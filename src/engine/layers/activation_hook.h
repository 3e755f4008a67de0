// The place where layers let a transform of activations see and change them.
#pragma once

#include <cstddef>

#include "engine/transforms.h"

namespace minima::engine {

/// Activations [features][stride] of a batch: image b of `images` has features [f * stride + b].
/// Lanes beyond the images are padding: finite but arbitrary, free to change. In a layer of tokens
/// the features are [width][token].
struct HookedActivations {
  ActivationPlace place;
  std::size_t features = 0;
  std::size_t stride = 0;
  std::size_t images = 0;
};

/// Transforms the activations of one network in one training or evaluation; may keep state between
/// calls. Called for each batch, layer by layer.
class ActivationHook {
 public:
  virtual ~ActivationHook() = default;
  /// Whether the following batches are training batches.
  virtual void set_training(bool /*is_training*/) {}
  /// Changes the values in place.
  virtual void apply(const HookedActivations& which, float* values) = 0;
  /// Turns the gradient with respect to the changed values into the gradient with respect to the
  /// `original` ones, in place and of the same shape. For example, it sets zero where values were
  /// clamped. The default passes the gradient straight through.
  virtual void backward(const HookedActivations& /*which*/, const float* /*original*/,
                        float* /*gradient*/) {}
};

}  // namespace minima::engine
