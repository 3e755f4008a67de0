#include "engine/plain/optimizer.h"

#include <cmath>

namespace minima::engine::plain {

void PlainOptimizer::step(const Vector& gradient, double learning_rate, Vector& parameters) {
  using Kind = study::Optimizer::Kind;
  ++steps_;
  const double first_correction = 1.0 - std::pow(settings_.beta1, steps_);
  const double second_correction = 1.0 - std::pow(settings_.beta2, steps_);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    double g = gradient[i];
    if (settings_.kind == Kind::adamw) {
      parameters[i] *= 1.0 - learning_rate * settings_.weight_decay;
    } else {
      g += settings_.weight_decay * parameters[i];
    }
    if (settings_.kind == Kind::sgd) {
      first_[i] = settings_.momentum * first_[i] + g;
      parameters[i] -= learning_rate * first_[i];
      continue;
    }
    first_[i] = settings_.beta1 * first_[i] + (1.0 - settings_.beta1) * g;
    second_[i] = settings_.beta2 * second_[i] + (1.0 - settings_.beta2) * g * g;
    parameters[i] -= learning_rate * (first_[i] / first_correction) /
                     (std::sqrt(second_[i] / second_correction) + settings_.epsilon);
  }
}

}  // namespace minima::engine::plain
