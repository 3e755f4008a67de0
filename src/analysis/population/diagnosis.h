// Why a run did not converge: one cause each, with what tells so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// In the order in which they are looked for, causes before what follows from them: an exploding
/// gradient kills layers, a dead layer stops the gradient of those before it, and without a
/// gradient the prediction stays constant. The papers give no such list; it is ours.
///
/// "From epoch E" always means: in E and in every later epoch that was recorded.
enum class Diagnosis {
  diverged,            ///< the loss was not finite
  exploding_gradient,  ///< in some epoch, some layer's norm >= settings.exploding_gradient
  dead_layer,          ///< every ReLU unit of a layer is zero for every test image, and with that
                       ///< the prediction is constant
  vanishing_gradient,  ///< norm of a layer <= settings.vanishing_gradient x the output layer's
  collapsed,           ///< was better than chance, and fell back to it
  /// Loss fell by more than settings.least_progress from the first epoch to the last, and still
  /// does: in the last epoch by that share, or half as much as per epoch on average.
  too_slow,
  constant_prediction,  ///< one class has >= settings.constant_prediction of the test images
  no_progress,          ///< loss fell by that or less from the first epoch to the last
  undetermined,         ///< none of these
};

/// "dead layer", "constant prediction", ...
[[nodiscard]] std::string to_string(Diagnosis diagnosis);

/// What speaks for a diagnosis; only what belongs to it is there.
struct RunDiagnosis {
  std::size_t run = 0;  ///< index into Population::runs
  Diagnosis diagnosis = Diagnosis::undetermined;
  std::optional<std::int64_t> step;  ///< diverged: first step whose loss was not finite, from 1
  /// From 1: whose gradient exploded (of several the one with the largest norm), that is dead (of
  /// several the one that died first, then the one nearest the input: those behind it got nothing),
  /// whose gradient vanished (the one nearest the output: it is where the gradient stopped).
  std::optional<int> layer;
  std::optional<int> epoch;             ///< from which on; exploding: the first such
  std::optional<double> gradient_norm;  ///< of that layer then; infinite: too large to tell
  std::optional<int> predicted_class;   ///< constant prediction: the label
  std::optional<double> first_loss;     ///< too slow, no progress: training loss in the first
  std::optional<double> last_loss;      ///< and in the last epoch
  /// The last epoch with a test accuracy better than chance, whatever the diagnosis.
  std::optional<int> learned_until;
};

/// Runs that did not converge: diverged ones, and those whose number of right test images is not
/// significantly above always giving the largest class (learned_threshold in answer.h, at
/// settings.significance). Indices into Population::runs, in its order.
[[nodiscard]] std::vector<std::size_t> not_converged(const Population& population,
                                                     const study::AnalysisSettings& settings);

/// One diagnosis for each of `runs`, in their order.
[[nodiscard]] std::vector<RunDiagnosis> diagnoses_of(const Population& population,
                                                     const study::AnalysisSettings& settings,
                                                     const std::vector<std::size_t>& runs);

/// A part of a sentence: "dead layer 2 from epoch 1", "constant prediction of class 3", "loss not
/// finite at step 17, gradient of layer 1 exploded (norm 3e8)".
[[nodiscard]] std::string describe(const RunDiagnosis& diagnosis);

}  // namespace minima::analysis
