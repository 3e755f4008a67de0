// Answers "how small can it be?": the results of every architecture in a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"
#include "study/settings/analysis_settings.h"

namespace minima::analysis {

/// One architecture on one dataset, over its recorded runs. Accuracies are fractions, 0..1.
///
/// A diverged run counts as not learned. Its accuracy is that of always predicting the majority
/// class, which needs no network. Leaving it out would flatter architectures that sometimes fail.
struct ArchitectureAnswer {
  std::string architecture;
  network::Family family = network::Family::dnn;
  std::int64_t parameters = 0;
  std::int64_t replicates = 0;  ///< recorded runs, including diverged ones
  std::int64_t diverged = 0;
  std::int64_t learned = 0;    ///< better than the majority class (chance.h)
  double learned_share = 0.0;  ///< learned / replicates
  double accuracy_mean = 0.0;  ///< on the test images, after the last epoch
  double accuracy_sd = 0.0;    ///< sample standard deviation; 0 with one run
  double accuracy_min = 0.0;
  double accuracy_max = 0.0;
  double choosing_mean = 0.0;  ///< on validation images if there are any, else on test images
  double seconds = 0.0;        ///< mean per run
};

struct DatasetAnswer {
  std::string dataset;
  std::int64_t test_count = 0;
  /// Validation images, used to select `best` and `smallest`; 0: test images are used instead.
  std::int64_t validation_count = 0;
  double majority_share = 0.0;  ///< test accuracy of the majority class
  double tolerance = 0.01;      ///< loss of mean accuracy regarded as negligible
  std::int64_t runs_planned = 0;
  std::int64_t runs_recorded = 0;
  /// Architectures with at least one recorded run, sorted by parameters, then by name.
  std::vector<ArchitectureAnswer> architectures;
  /// Architecture with the largest mean accuracy on the images used for selection; ties go to the
  /// smaller one. If some architectures learned in at least half of their runs, only these count.
  std::optional<std::size_t> best;
  /// Architecture with the fewest parameters within the tolerance of `best`, by the same rules.
  std::optional<std::size_t> smallest;
};

struct Answer {
  std::string study;
  std::vector<DatasetAnswer> datasets;  ///< in the order of the store
};

/// Uses the significance and accuracy_tolerance of the settings.
[[nodiscard]] Answer answer_of(const store::Reader& store, const study::AnalysisSettings& settings);

}  // namespace minima::analysis
