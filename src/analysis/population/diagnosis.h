// Why a run did not converge: one cause per run, with its evidence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/population/population.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// In the order of the tests, causes before consequences: an exploding gradient kills layers, a
/// dead layer blocks the gradient of the layers before it, and without a gradient the prediction
/// stays constant. The list is our own; the papers have none.
///
/// "From epoch E" always means: in E and in every later recorded epoch.
enum class Diagnosis {
  diverged,  ///< the loss was not finite
  /// In some epoch, the gradient norm of some layer >= settings.exploding_gradient.
  exploding_gradient,
  /// Every ReLU unit of a layer is zero for every test image, and the prediction is constant.
  dead_layer,
  /// Gradient norm of a layer <= settings.vanishing_gradient x the norm of the output layer.
  vanishing_gradient,
  collapsed,  ///< was better than chance, then fell back to it
  /// Loss fell by more than settings.least_progress from the first epoch to the last, and is still
  /// falling: the last epoch contributes at least that fraction, or half the average fall per
  /// epoch.
  too_slow,
  constant_prediction,  ///< fraction of one class >= settings.constant_prediction
  no_progress,          ///< loss fell by at most settings.least_progress
  undetermined,         ///< none of these
};

/// "dead layer", "constant prediction", ...
[[nodiscard]] std::string to_string(Diagnosis diagnosis);

/// The evidence for a diagnosis. Only the fields that belong to the diagnosis are set.
struct RunDiagnosis {
  std::size_t run = 0;  ///< index into Population::runs
  Diagnosis diagnosis = Diagnosis::undetermined;
  std::optional<std::int64_t> step;  ///< diverged: first step with a non-finite loss, from 1
  /// Layer, from 1. Exploding gradient: the one with the largest norm. Dead layer: the one that
  /// died first; ties go to the one nearest the input, because the layers after it received no
  /// signal. Vanishing gradient: the one nearest the output, where the gradient stopped.
  std::optional<int> layer;
  /// Exploding gradient: the first such epoch. Dead layer, vanishing gradient: from this epoch on.
  std::optional<int> epoch;
  /// Of `layer`: in the last step if diverged, else in `epoch`. Infinite: overflowed.
  std::optional<double> gradient_norm;
  std::optional<int> predicted_class;  ///< constant prediction: the class label
  std::optional<double> first_loss;    ///< too slow, no progress: training loss, first epoch
  std::optional<double> last_loss;     ///< training loss, last epoch
  /// The last epoch with a test accuracy better than chance, for any diagnosis.
  std::optional<int> learned_until;
};

/// Runs that did not converge: those that diverged, and those whose test accuracy is not
/// significantly better than the majority class (chance.h, at
/// settings.significance). Returns indices into Population::runs, in its order.
[[nodiscard]] std::vector<std::size_t> not_converged(const Population& population,
                                                     const study::AnalysisSettings& settings);

/// One diagnosis per entry of `runs`, in the same order.
[[nodiscard]] std::vector<RunDiagnosis> diagnoses_of(const Population& population,
                                                     const study::AnalysisSettings& settings,
                                                     const std::vector<std::size_t>& runs);

/// A phrase: "dead layer 2 from epoch 1", "constant prediction of class 3", "loss not finite at
/// step 17, gradient of layer 1 exploded (norm 3e8)".
[[nodiscard]] std::string describe(const RunDiagnosis& diagnosis);

}  // namespace minima::analysis
