// One run in training: its weights, its optimizer, and its records so far.
#pragma once

#include <memory>

#include "engine/backend.h"
#include "engine/cpu/activation_hooks.h"
#include "engine/cpu/batch.h"
#include "engine/cpu/evaluation.h"
#include "engine/cpu/optimizer_sink.h"
#include "engine/network/network.h"
#include "engine/network/parameter_layout.h"
#include "record/run_result.h"

namespace minima::engine {

class RunState {
 public:
  /// Throws std::invalid_argument for conditions that do not fit the network. `steps_before`: steps
  /// of earlier epochs, for the keys of dropout. `class_weights`: as class_weights() returns them.
  RunState(const study::Run& run, std::shared_ptr<const Network> network,
           const RunConditions& conditions = {}, std::int64_t steps_before = 0,
           std::vector<double> class_weights = {});

  /// Clears the epoch's running figures and sets its learning rate; epochs count from 1.
  void begin_epoch(int epoch);
  /// One optimizer step on the batch; returns the mean loss of its images. If the loss is not
  /// finite, marks the run as diverged at this step and leaves the weights unchanged.
  double step(const Batch& batch, float* workspace);
  /// The epoch's record so far: training figures and gradient norms, without test figures.
  [[nodiscard]] record::EpochRecord epoch_record() const;

  [[nodiscard]] const study::Run& run() const { return *run_; }
  [[nodiscard]] const Network& network() const { return *network_; }
  [[nodiscard]] std::span<const float> parameters() const { return sink_.parameters(); }
  /// Valid as long as this object.
  [[nodiscard]] ReadWeights read_weights() const {
    return [this] { return gathered(*network_, parameters()); };
  }
  /// The values that the network computes with: the parameters, or their transformed copy. Valid
  /// until the next step.
  [[nodiscard]] const float* compute_values();
  /// Transforms the activations of evaluations; null: nothing to transform.
  [[nodiscard]] ActivationHook* evaluation_hook();
  [[nodiscard]] bool diverged() const { return result_.diverged_step.has_value(); }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  /// Filled in by the training loop.
  [[nodiscard]] record::RunResult& result() { return result_; }

 private:
  void diverge();
  [[nodiscard]] const float* image_weights(const Batch& batch);

  const study::Run* run_;
  std::shared_ptr<const Network> network_;
  std::uint64_t subject_;  // key of the run's random numbers
  OptimizerSink sink_;
  std::optional<QuantizeWeights> quantize_;
  AlignedBuffer<float> values_;     // quantized parameters; empty: none
  std::vector<std::uint8_t> mask_;  // of the quantized parameters, in their layout
  record::RunResult result_;
  std::unique_ptr<ActivationHook> hook_;  // null: none
  std::vector<double> class_weights_;     // empty: all images count the same
  AlignedBuffer<float> image_weights_;    // [stride]
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

/// Adds an evaluation's test figures and unit counts to an epoch's record.
void add_test_figures(const Evaluator& evaluator, record::EpochRecord& record);

}  // namespace minima::engine
