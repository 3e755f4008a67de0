#include "engine/cpu/optimizer_sink.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace minima::engine {
namespace {

using Kind = study::Optimizer::Kind;

// Floats masked at a time. They stay in the L1 cache. The kernels sum squares over blocks of the
// same size, so that a mask of ones changes no bit.
constexpr std::size_t kMaskedFloats = 4096;

}  // namespace

std::size_t OptimizerSink::arena_floats(const study::Optimizer& optimizer,
                                        std::size_t parameter_floats) {
  return parameter_floats * static_cast<std::size_t>(optimizer.values_per_parameter());
}

OptimizerSink::OptimizerSink(const study::TrainSettings& settings, std::size_t parameter_floats,
                             std::size_t layers)
    : settings_(settings.optimizer),
      floats_(parameter_floats),
      arena_(arena_floats(settings.optimizer, parameter_floats)),
      squares_(layers, 0.0),
      step_squares_(layers, 0.0) {}

void OptimizerSink::apply_mask(std::span<const std::uint8_t> mask) {
  if (mask.size() != floats_) throw std::invalid_argument("a mask of another size");
  kept_bits_ = AlignedBuffer<std::int8_t>(floats_);
  for (std::size_t i = 0; i < floats_; ++i) {
    kept_bits_[i] = mask[i] == 0 ? 0 : -1;
    if (mask[i] == 0) arena_[i] = 0.0F;
  }
}

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
  const double squares =
      kept_bits_.size() == 0 ? update(offset, gradient) : update_masked(offset, gradient);
  squares_[layer] += squares;
  step_squares_[layer] += squares;
}

double OptimizerSink::update(std::size_t offset, std::span<const float> gradient) {
  float* weights = arena_.data() + offset;
  return settings_.kind == Kind::sgd
             ? kernels::sgd(sgd_, gradient.data(), gradient.size(), weights, weights + floats_)
             : kernels::adam(adam_, gradient.data(), gradient.size(), weights, weights + floats_,
                             weights + 2 * floats_);
}

// A masked parameter is zero, and so are its gradients and moments. It stays zero under every
// optimizer, because weight decay only multiplies it. Masking bits instead of multiplying turns
// even a gradient that is not finite into zero.
double OptimizerSink::update_masked(std::size_t offset, std::span<const float> gradient) {
  alignas(kAlignment) std::array<float, kMaskedFloats> masked;
  double squares = 0.0;
  for (std::size_t at = 0; at < gradient.size(); at += kMaskedFloats) {
    const std::size_t count = std::min(kMaskedFloats, gradient.size() - at);
    const float* from = gradient.data() + at;
    const std::int8_t* bits = kept_bits_.data() + offset + at;
    for (std::size_t i = 0; i < count; ++i) {
      masked[i] = std::bit_cast<float>(std::bit_cast<std::int32_t>(from[i]) & bits[i]);
    }
    squares += update(offset + at, std::span(masked).first(count));
  }
  return squares;
}

// Moments that only ever saw zero gradients are zero: without weight decay the step changes
// nothing.
void OptimizerSink::accept_zeros(std::size_t layer, std::size_t offset, std::size_t count) {
  if (settings_.weight_decay == 0.0) return;
  GradientSink::accept_zeros(layer, offset, count);
}

}  // namespace minima::engine
