// Adam, AdamW and SGD, from PyTorch's documentation.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plain/operations.h"
#include "study/settings/train_settings.h"

namespace minima::engine::plain {

class PlainOptimizer {
 public:
  PlainOptimizer(const study::Optimizer& settings, std::size_t parameters)
      : settings_(settings), first_(parameters, 0.0), second_(parameters, 0.0) {}

  /// One step on all parameters. The gradients of masked parameters must be zero.
  void step(const Vector& gradient, double learning_rate, Vector& parameters);

 private:
  study::Optimizer settings_;
  Vector first_;   // first moments, or velocities
  Vector second_;  // second moments
  int steps_ = 0;
};

}  // namespace minima::engine::plain
