// The answer to "how small can it be?": what every architecture of a store reached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"
#include "study/analysis_settings.h"

namespace minima::analysis {

/// One architecture on one dataset, over its recorded runs. Accuracies are fractions, 0..1.
///
/// A diverged run counts as not learned, and enters the accuracy with what remains possible without
/// a network: always answering with the most frequent class. Leaving it out would flatter
/// architectures that sometimes fail.
struct ArchitectureAnswer {
  std::string architecture;
  std::string family;
  std::int64_t parameters = 0;
  std::int64_t replicates = 0;  ///< runs recorded, diverged ones included
  std::int64_t diverged = 0;
  std::int64_t learned = 0;    ///< better than the largest class (learned_threshold)
  double learned_share = 0.0;  ///< learned / replicates
  double accuracy_mean = 0.0;  ///< on the test images, after the last epoch
  double accuracy_sd = 0.0;    ///< of the sample; 0 with one run
  double accuracy_min = 0.0;
  double accuracy_max = 0.0;
  double choosing_mean = 0.0;  ///< on validation images where there are any, else on test images
  double seconds = 0.0;        ///< mean per run
};

struct DatasetAnswer {
  std::string dataset;
  std::int64_t test_count = 0;
  std::int64_t validation_count =
      0;                        ///< images that choose `best` and `smallest`; 0: test images do
  double majority_share = 0.0;  ///< test accuracy of always answering with the largest class
  double tolerance = 0.01;      ///< loss of mean accuracy that counts as none
  std::int64_t runs_planned = 0;
  std::int64_t runs_recorded = 0;
  /// Architectures with at least one recorded run, by parameters, then by text.
  std::vector<ArchitectureAnswer> architectures;
  /// The largest mean accuracy on the images that choose; the smaller one of equals. Where any
  /// architecture learned in half of its runs or more, only such architectures count.
  std::optional<std::size_t> best;
  std::optional<std::size_t> smallest;  ///< likewise, fewest parameters within the tolerance of it
};

struct Answer {
  std::string study;
  std::vector<DatasetAnswer> datasets;  ///< in the order of the store
};

/// Fewest test images right out of `test_count` that are significantly more than what always
/// answering with a class of share `majority_share` gets right; `test_count` + 1 when no number is.
[[nodiscard]] std::int64_t learned_threshold(std::int64_t test_count, double majority_share,
                                             double significance);

/// With the settings' significance and accuracy_tolerance.
[[nodiscard]] Answer answer_of(const store::Reader& store, const study::AnalysisSettings& settings);

}  // namespace minima::analysis
