// A backend that compares two others.
#pragma once

#include <memory>

#include "engine/backend.h"

namespace minima::engine {

/// How far the results of two backends may be apart.
struct Tolerance {
  double loss = 1e-3;  ///< difference relative to 1 + the loss
  /// Root mean square of the differences of a tensor, relative to 0.1 + the root mean square of its
  /// values. Biases of keys are not compared: they have no effect, and their gradients are only
  /// rounding error.
  double weights = 1e-3;
  double predictions = 0.01;  ///< fraction of images whose predicted class differs
  /// Factor on these tolerances for quantized networks. A difference in the last bit rounds a value
  /// near the middle of two codes to the other one.
  double quantized = 20.0;
};

/// Trains and evaluates with the first backend, and compares it with the second one:
///   train     the losses of the first 20 steps, the weights after them, and their evaluation on
///             the first 200 test images, before it trains
///   evaluate  losses, accuracies, predictions and measured ranges of all candidates
///   integers  losses and predictions, which must be equal
/// Networks that diverge are compared until they do. Throws a work error that names the backends,
/// the network and the first difference beyond the tolerance.
[[nodiscard]] std::unique_ptr<Backend> make_check_backend(std::unique_ptr<const Backend> first,
                                                          std::unique_ptr<const Backend> second,
                                                          const Tolerance& tolerance = {});

}  // namespace minima::engine
