#pragma once

#include <cstdint>
#include <vector>

#include "core/aligned.h"
#include "engine/layers/layer.h"
#include "kernels/training/optimizer.h"
#include "study/settings/train_settings.h"

namespace minima::engine {

/// Updates a run's parameters as the backward pass produces their gradients. One arena holds
/// weights and optimizer state: [weights | first moments or velocities | second moments].
class OptimizerSink final : public GradientSink {
 public:
  OptimizerSink(const study::TrainSettings& settings, std::size_t parameter_floats,
                std::size_t layers);

  /// Floats that an optimizer keeps for `parameter_floats` parameters, the parameters included.
  [[nodiscard]] static std::size_t arena_floats(const study::Optimizer& optimizer,
                                                std::size_t parameter_floats);

  /// Applies a mask: from now on parameters are zero where `mask` [parameter_floats] is 0, whatever
  /// their gradients. These gradients count as zero.
  void apply_mask(std::span<const std::uint8_t> mask);

  /// Prepares step t = 1, 2, ... with this learning rate.
  void begin_step(std::int64_t t, double learning_rate);
  void accept(std::size_t layer, std::size_t offset, std::span<const float> gradient) override;
  void accept_zeros(std::size_t layer, std::size_t offset, std::size_t count) override;

  [[nodiscard]] std::span<float> parameters() { return arena_.span().first(floats_); }
  [[nodiscard]] std::span<const float> parameters() const { return arena_.span().first(floats_); }

  /// Per layer: sum of its squared gradients since the last call of clear_squares.
  [[nodiscard]] const std::vector<double>& squares() const { return squares_; }
  void clear_squares() { squares_.assign(squares_.size(), 0.0); }
  /// Per layer: sum of its squared gradients in the last step.
  [[nodiscard]] const std::vector<double>& step_squares() const { return step_squares_; }

 private:
  double update(std::size_t offset, std::span<const float> gradient);
  double update_masked(std::size_t offset, std::span<const float> gradient);

  study::Optimizer settings_;
  std::size_t floats_;
  AlignedBuffer<float> arena_;
  AlignedBuffer<std::int8_t> kept_bits_;  // all ones (-1), or zero where masked; empty: no mask
  std::vector<double> squares_;
  std::vector<double> step_squares_;
  kernels::AdamStep adam_;
  kernels::SgdStep sgd_;
};

}  // namespace minima::engine
