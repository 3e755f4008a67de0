// Further training of trained, pruned or quantized networks.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/backend.h"
#include "run/variants/compressed_network.h"

namespace minima::run {

/// Which networks train for how long. All networks of a call share dataset, replicate, batch and
/// scaling.
struct RetrainingPlan {
  int first_epoch = 0;  ///< epochs done before; shuffling continues from there
  int last_epoch = 0;
  /// A constant learning rate; empty: the run's own rate and schedule.
  std::optional<double> learning_rate;
};

/// Replacements for weights and activations in the computation; one per network, or none.
struct RetrainingTransforms {
  std::vector<engine::QuantizeWeights> weights;
  std::vector<engine::ActivationTransform> activations;
};

class Retraining {
 public:
  Retraining(const engine::Backend& backend, const engine::PreparedDataset& dataset,
             std::stop_token stop)
      : backend_(backend), dataset_(dataset), stop_(std::move(stop)) {}

  /// Trains the networks further in lockstep and keeps their masks applied. Updates parameters and
  /// `epochs`, and records divergence. Returns false if a stop was requested; the networks are then
  /// unfinished.
  [[nodiscard]] bool train(std::span<CompressedNetwork* const> networks, const RetrainingPlan& plan,
                           const RetrainingTransforms& transforms = {}) const;

  /// Weights of the runs after epoch `epoch` of their training (0: initial weights), bit for bit.
  /// Empty if a stop was requested.
  [[nodiscard]] std::vector<std::vector<float>> early_weights(
      std::span<const TrainedRun* const> runs, int epoch) const;

  [[nodiscard]] const engine::Backend& backend() const { return backend_; }
  [[nodiscard]] const engine::PreparedDataset& dataset() const { return dataset_; }

 private:
  const engine::Backend& backend_;
  const engine::PreparedDataset& dataset_;
  std::stop_token stop_;
};

}  // namespace minima::run
