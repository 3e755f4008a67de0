// One run in training: its weights, its optimiser, and what is being recorded of it.
#pragma once

#include <memory>

#include "engine/backend.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/cpu/optimizer_sink.h"
#include "engine/network/network.h"

namespace minima::engine {

class RunState {
 public:
  /// Throws std::invalid_argument for conditions that do not fit the network. `steps_before`: done
  /// in earlier epochs, for the keys of dropout.
  RunState(const study::Run& run, std::shared_ptr<const Network> network,
           const RunConditions& conditions = {}, std::int64_t steps_before = 0);

  /// Clears the running figures of the epoch (from 1) and sets its learning rate.
  void begin_epoch(int epoch);
  /// One optimiser step on the batch; returns the mean loss of its images. A loss that is not
  /// finite marks the run diverged at this step and leaves the weights as they were.
  double step(const Batch& batch, float* workspace);
  /// The epoch's record so far: running training figures and gradient norms, no test figures.
  [[nodiscard]] study::EpochRecord epoch_record() const;

  [[nodiscard]] const study::Run& run() const { return *run_; }
  [[nodiscard]] const Network& network() const { return *network_; }
  [[nodiscard]] std::span<const float> parameters() const { return sink_.parameters(); }
  /// What the network is to compute with: the parameters, or what their transform makes of them.
  /// Valid until the next step.
  [[nodiscard]] const float* compute_values();
  [[nodiscard]] const ActivationTransform* activations() const { return activations_; }
  [[nodiscard]] bool diverged() const { return result_.diverged_step.has_value(); }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  /// Filled in by the loop that drives the run.
  [[nodiscard]] study::RunResult& result() { return result_; }

 private:
  void diverge();

  const study::Run* run_;
  std::shared_ptr<const Network> network_;
  std::uint64_t subject_;  // of the run's random numbers
  OptimizerSink sink_;
  const WeightTransform* weights_;  // null: none
  AlignedBuffer<float> values_;     // what it makes of the parameters
  study::RunResult result_;
  const ActivationTransform* activations_;  // null: none
  std::int64_t steps_before_;
  std::int64_t steps_ = 0;
  double last_loss_ = 0.0;

  int epoch_ = 0;
  double learning_rate_ = 0.0;
  std::int64_t epoch_steps_ = 0;
  std::int64_t epoch_images_ = 0;
  std::int64_t epoch_correct_ = 0;
  double epoch_loss_ = 0.0;
};

/// Puts the test figures and unit counts of an evaluation into an epoch's record.
void add_test_figures(const Evaluator& evaluator, study::EpochRecord& record);

}  // namespace minima::engine
