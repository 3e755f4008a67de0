// A run and what is recorded of it.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "network/notation/architecture.h"
#include "study/predictions.h"
#include "study/train_settings.h"
#include "study/weight_summary.h"

namespace minima::study {

/// One architecture trained once. Replicate r of every architecture sees the same shuffle of the
/// same dataset; initial weights are keyed by the run's id.
struct Run {
  std::string id;       ///< 16 hexadecimal digits
  std::string dataset;  ///< canonical notation
  network::Architecture architecture;
  int replicate = 0;
  std::uint64_t seed = 1;  ///< the study's
  TrainSettings train;
};

/// The first 16 hexadecimal digits of the SHA-256 of the canonical text: dataset, architecture,
/// replicate, seed, and the training settings that differ from their defaults, so that a new option
/// never changes old ids.
[[nodiscard]] std::string run_id(const Run& run);

/// The same, given run.train.text(): many runs share it.
[[nodiscard]] std::string run_id(const Run& run, const std::string& train_text);

/// A run with its id filled in.
[[nodiscard]] Run make_run(std::string dataset, network::Architecture architecture, int replicate,
                           std::uint64_t seed, const TrainSettings& train);

/// Signals of one layer in one epoch.
struct LayerSignals {
  double gradient_norm = 0.0;  ///< root mean square over the epoch's steps of the L2 norm of the
                               ///< gradient of the layer's weights and biases
  int units = 0;               ///< outputs of the layer
  int dead_units = 0;          ///< ReLU outputs that are zero for every test image; 0 without ReLU
};

struct EpochRecord {
  int epoch = 0;  ///< from 1
  double learning_rate = 0.0;
  double train_loss = 0.0;      ///< mean over the epoch's images, each before its own step
  double train_accuracy = 0.0;  ///< likewise
  double test_loss = 0.0;
  double test_accuracy = 0.0;
  int predicted_classes = 0;  ///< distinct classes predicted on the test images
  int top_class = 0;          ///< the class predicted most often
  double top_class_share = 0.0;
  std::vector<LayerSignals> layers;
};

/// What is kept of the weights of a study's runs.
enum class KeepWeights {
  all,
  representative,  ///< per dataset and architecture: the replicate of (lower) median accuracy
  none,
};

enum class RunStatus { planned, finished, diverged };
[[nodiscard]] std::string to_string(RunStatus status);

/// The last step before the loss of a run stopped being finite, so that it can be told whether a
/// gradient exploded, and where, of a run that has no epoch to look at.
struct LastStep {
  int layer = 0;               ///< from 1: the one with the largest gradient norm
  double gradient_norm = 0.0;  ///< of that layer: L2 over its weights and biases; infinite when
                               ///< it was too large to tell
  double loss = 0.0;           ///< mean over the images of the batch
};

struct RunResult {
  RunStatus status = RunStatus::planned;
  int epochs = 0;           ///< completed
  double train_loss = 0.0;  ///< exact, after the last epoch, over all training images
  double train_accuracy = 0.0;
  double test_loss = 0.0;
  double test_accuracy = 0.0;
  /// After the last epoch; NaN without a validation split.
  double validation_accuracy = std::numeric_limits<double>::quiet_NaN();
  std::optional<std::int64_t> diverged_step;  ///< first step whose loss was not finite, from 1
  std::optional<LastStep> last_step;          ///< before that; nothing when it was the first
  double seconds = 0.0;                       ///< this run's share of the time of its cohort
  std::vector<EpochRecord> history;
  /// Of each tensor at the start, then after each epoch that was asked for, then at the end.
  std::vector<WeightSummary> weights;
  /// After the last epoch; empty for a run that diverged, and where they are not recorded.
  RunPredictions predictions = {};
};

/// What a choice between networks may go by: the accuracy on validation images where there is one,
/// so that test figures of what is chosen are not swayed by the choice; NaN: no number.
[[nodiscard]] inline double choosing_accuracy(double validation_accuracy, double test_accuracy) {
  return std::isnan(validation_accuracy) ? test_accuracy : validation_accuracy;
}

}  // namespace minima::study
