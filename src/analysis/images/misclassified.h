// The test images that the runs of an architecture get wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/images/image_outcomes.h"

namespace minima::analysis {

/// A test image that at least one run classifies wrongly.
struct MisclassifiedImage {
  std::size_t image = 0;      ///< index in the test split
  std::size_t label = 0;      ///< true class
  std::size_t predicted = 0;  ///< the most frequent wrong class; the first one on ties
  std::int64_t wrong = 0;     ///< runs that classify it wrongly
};

struct MisclassifiedImages {
  std::int64_t runs = 0;    ///< of the given runs, those with predictions
  std::int64_t images = 0;  ///< test images
  /// Those that most runs get wrong first, then in the order of the test split.
  std::vector<MisclassifiedImage> list = {};
};

/// Runs on one dataset, by id.
struct RunsOnDataset {
  std::string dataset;
  std::vector<std::string> runs;
};

/// One result per group; a run belongs to one group. No runs are counted if their predictions were
/// not recorded. Reads all predictions once.
[[nodiscard]] std::vector<MisclassifiedImages> misclassified_by(
    std::span<const RunsOnDataset> groups, const OutcomeSource& source);

}  // namespace minima::analysis
