#include "engine/optimizer_sink.h"

#include <algorithm>
#include <cmath>

namespace minima::engine {
namespace {

using Kind = study::Optimizer::Kind;

}  // namespace

std::size_t OptimizerSink::arena_floats(const study::Optimizer& optimizer,
                                        std::size_t parameter_floats) {
  return parameter_floats * (optimizer.kind == Kind::sgd ? 2 : 3);
}

OptimizerSink::OptimizerSink(const study::TrainSettings& settings, std::size_t parameter_floats,
                             std::size_t layers)
    : settings_(settings.optimizer),
      floats_(parameter_floats),
      arena_(arena_floats(settings.optimizer, parameter_floats)),
      squares_(layers, 0.0),
      step_squares_(layers, 0.0) {}

void OptimizerSink::begin_step(std::int64_t t, double learning_rate) {
  std::fill(step_squares_.begin(), step_squares_.end(), 0.0);
  if (settings_.kind == Kind::sgd) {
    sgd_ = {.learning_rate = static_cast<float>(learning_rate),
            .momentum = static_cast<float>(settings_.momentum),
            .l2 = static_cast<float>(settings_.weight_decay)};
    return;
  }
  const auto steps = static_cast<double>(t);
  const bool decoupled = settings_.kind == Kind::adamw;
  adam_ = {
      .step_size = static_cast<float>(learning_rate / (1.0 - std::pow(settings_.beta1, steps))),
      .inverse_sqrt_correction =
          static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(settings_.beta2, steps))),
      .beta1 = static_cast<float>(settings_.beta1),
      .beta2 = static_cast<float>(settings_.beta2),
      .one_minus_beta1 = static_cast<float>(1.0 - settings_.beta1),
      .one_minus_beta2 = static_cast<float>(1.0 - settings_.beta2),
      .epsilon = static_cast<float>(settings_.epsilon),
      .l2 = decoupled ? 0.0F : static_cast<float>(settings_.weight_decay),
      .decay = decoupled ? static_cast<float>(1.0 - learning_rate * settings_.weight_decay) : 1.0F};
}

void OptimizerSink::accept(std::size_t layer, std::size_t offset, std::span<const float> gradient) {
  float* weights = arena_.data() + offset;
  const double squares =
      settings_.kind == Kind::sgd
          ? kernels::sgd(sgd_, gradient.data(), gradient.size(), weights, weights + floats_)
          : kernels::adam(adam_, gradient.data(), gradient.size(), weights, weights + floats_,
                          weights + 2 * floats_);
  squares_[layer] += squares;
  step_squares_[layer] += squares;
}

// Moments that only ever saw zeros are zero: without weight decay such a step changes nothing.
void OptimizerSink::accept_zeros(std::size_t layer, std::size_t offset, std::size_t count) {
  if (settings_.weight_decay == 0.0) return;
  GradientSink::accept_zeros(layer, offset, count);
}

}  // namespace minima::engine
