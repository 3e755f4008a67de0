// Training of networks that were trained, pruned or quantized before.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/backend.h"
#include "run/variants/compressed_network.h"

namespace minima::run {

/// What is trained how long. All networks of one call share dataset, replicate, batch and scaling.
struct RetrainingPlan {
  int first_epoch = 0;  ///< epochs done before; shuffles go on from there
  int last_epoch = 0;
  /// A constant one; nothing: the run's own, with its schedule.
  std::optional<double> learning_rate;
};

/// What the networks compute with instead of their weights and activations; one per network, or
/// none.
struct RetrainingTransforms {
  std::vector<const engine::WeightTransform*> weights;
  std::vector<const engine::ActivationTransform*> activations;
};

class Retraining {
 public:
  Retraining(const engine::Backend& backend, const data::Dataset& dataset, std::stop_token stop)
      : backend_(backend), dataset_(dataset), stop_(std::move(stop)) {}

  /// Trains the networks on in lockstep; their masks hold. Parameters and `epochs` are brought up
  /// to date, divergence is noted. False when a stop was asked for: the networks are then
  /// unfinished.
  [[nodiscard]] bool train(std::span<CompressedNetwork* const> networks, const RetrainingPlan& plan,
                           const RetrainingTransforms& transforms = {}) const;

  /// Weights of runs as they were after so many epochs of their training (0: initial ones), bit for
  /// bit. Empty when a stop was asked for.
  [[nodiscard]] std::vector<std::vector<float>> early_weights(
      std::span<const TrainedRun* const> runs, int epoch) const;

  [[nodiscard]] const engine::Backend& backend() const { return backend_; }
  [[nodiscard]] const data::Dataset& dataset() const { return dataset_; }

 private:
  const engine::Backend& backend_;
  const data::Dataset& dataset_;
  std::stop_token stop_;
};

}  // namespace minima::run
