// The target accuracy of a dataset, the same for all architectures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/population/population.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// Accuracies are fractions of the test images.
struct Target {
  std::size_t dataset = 0;  ///< index into Population::datasets
  /// Test accuracy at which the task counts as solved; meaningless unless `missing` is empty.
  double accuracy = 0.0;
  bool given = false;  ///< set by AnalysisSettings::success_accuracy
  /// Why the target is missing: no architecture learned, or the accuracy needs no learning.
  std::string missing;
  /// The architecture with the best mean, selected on the validation images if there are any.
  std::string best_architecture;
  double best_accuracy = 0.0;  ///< its mean test accuracy
  double best_choosing = 0.0;  ///< its mean accuracy on the images used for selection
  /// Standard error of best_accuracy, from replicates and test images.
  double best_error = 0.0;
  /// Standard error of best_choosing, from replicates and the images used for selection.
  double choosing_error = 0.0;
  /// best_accuracy minus the target, before rounding; 0 if given.
  double tolerance = 0.0;
  /// The target for runs counted on validation images, as in `minima recommend`. It is derived in
  /// the same way from best_choosing and its error: validation images may be harder or easier than
  /// the test images, and are fewer. Equal to `accuracy` if the target is given or there are no
  /// validation images.
  double choosing_accuracy = 0.0;
  /// Minimum test accuracy of a success, from AnalysisSettings::least_skill of the best skill.
  double skilled_accuracy = 0.0;
  bool by_validation = false;  ///< the best was selected on validation images
};

/// docs/convergence.md, "The target", explains why a target is needed and how it is derived.
///
/// Unless given, the target is the best architecture's mean minus max(accuracy_tolerance, 2
/// standard errors), rounded down to a tenth of a point. An architecture's diverged runs count with
/// the fraction of the majority class. The target is missing if always predicting the majority
/// class could reach it by chance (at AnalysisSettings::significance).
[[nodiscard]] Target target_of(const Population& population, std::size_t dataset,
                               const study::AnalysisSettings& settings);

}  // namespace minima::analysis
