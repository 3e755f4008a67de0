// One accuracy to reach on a dataset, the same for all architectures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/population/population.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// Accuracies are fractions of the test images.
struct Target {
  std::size_t dataset = 0;  ///< index into Population::datasets
  /// Test accuracy that counts as having solved the task; meaningless if `missing` is not empty.
  double accuracy = 0.0;
  bool given = false;   ///< AnalysisSettings::success_accuracy
  std::string missing;  ///< why there is none: nothing learned, or the accuracy needs no learning
  /// The architecture with the best mean; chosen on the validation images where there are any.
  std::string best_architecture;
  double best_accuracy = 0.0;   ///< its mean test accuracy
  double best_choosing = 0.0;   ///< on the images that choose
  double best_error = 0.0;      ///< standard error of best_accuracy: replicates and test images
  double choosing_error = 0.0;  ///< of best_choosing: replicates and the images that choose
  double tolerance = 0.0;       ///< best_accuracy less the target, before rounding; 0 if given
  /// The same target where runs are counted on validation images, as `minima recommend` does:
  /// derived in the same way from the best on those and its error. They may be harder or easier
  /// than the test images, and are fewer. Equal to `accuracy` if given, and without validation
  /// images.
  double choosing_accuracy = 0.0;
  /// A run with less skill than AnalysisSettings::least_skill of the best is no success: this test
  /// accuracy.
  double skilled_accuracy = 0.0;
  bool by_validation = false;  ///< the best was chosen on validation images
};

/// Why one is needed, and how it is derived: docs/convergence.md, "The target".
///
/// Not given, it is the best architecture's mean less max(accuracy_tolerance, 2 standard errors),
/// rounded down to a tenth of a point. An architecture's diverged runs count with the share of the
/// largest class. A target that always answering with the largest class could reach by luck (at
/// AnalysisSettings::significance) is missing.
[[nodiscard]] Target target_of(const Population& population, std::size_t dataset,
                               const study::AnalysisSettings& settings);

/// Accuracy above that of always answering with the largest class, as a fraction of what is
/// possible: 0 for guessing, 1 for no error.
[[nodiscard]] double skill_of(double accuracy, double majority_share);

}  // namespace minima::analysis
