// The results of a run.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/enum_words.h"
#include "record/predictions.h"
#include "record/weight_summary.h"

namespace minima::record {

/// Signals of one layer in one epoch.
struct LayerSignals {
  /// L2 norm of the gradient of the layer's weights and biases; root mean square over the epoch's
  /// steps.
  double gradient_norm = 0.0;
  int units = 0;       ///< outputs of the layer
  int dead_units = 0;  ///< ReLU outputs that are zero for every test image; 0 without ReLU
};

struct EpochRecord {
  int epoch = 0;  ///< from 1
  double learning_rate = 0.0;
  double train_loss = 0.0;      ///< mean over the epoch's images, each before its own step
  double train_accuracy = 0.0;  ///< mean over the epoch's images, each before its own step
  double test_loss = 0.0;
  double test_accuracy = 0.0;
  int predicted_classes = 0;  ///< distinct classes predicted on the test images
  int top_class = 0;          ///< the class predicted most often
  double top_class_share = 0.0;
  std::vector<LayerSignals> layers;
};

enum class RunStatus { planned, finished, diverged };

constexpr auto words_of(RunStatus /*any*/) {
  return std::to_array<EnumWord<RunStatus>>({
      {RunStatus::planned, "planned"},
      {RunStatus::finished, "finished"},
      {RunStatus::diverged, "diverged"},
  });
}

/// The last step before the loss of a run stopped being finite. It shows whether and where a
/// gradient exploded in a run without a complete epoch.
struct LastStep {
  int layer = 0;  ///< from 1; the layer with the largest gradient norm
  /// L2 norm over that layer's weights and biases; infinite if it overflowed.
  double gradient_norm = 0.0;
  double loss = 0.0;  ///< mean over the images of the batch
};

struct RunResult {
  RunStatus status = RunStatus::planned;
  int epochs = 0;           ///< completed
  double train_loss = 0.0;  ///< exact: over all training images after the last epoch
  double train_accuracy = 0.0;
  double test_loss = 0.0;
  double test_accuracy = 0.0;
  /// After the last epoch; NaN without a validation split.
  double validation_accuracy = std::numeric_limits<double>::quiet_NaN();
  std::optional<std::int64_t> diverged_step;  ///< first step whose loss was not finite, from 1
  std::optional<LastStep> last_step;          ///< the step before; empty if the first step diverged
  double seconds = 0.0;                       ///< this run's part of its cohort's time
  std::vector<EpochRecord> history;
  /// For each tensor: at the start, after each requested epoch, and at the end.
  std::vector<WeightSummary> weights;
  /// After the last epoch; empty for a diverged run or if not recorded.
  RunPredictions predictions = {};
};

/// The accuracy for choosing between networks: validation accuracy, or test accuracy without a
/// validation split (NaN). With validation images, test figures of the chosen network are not
/// biased by the choice.
[[nodiscard]] inline double choosing_accuracy(double validation_accuracy, double test_accuracy) {
  return std::isnan(validation_accuracy) ? test_accuracy : validation_accuracy;
}

}  // namespace minima::record
