// State of a dataset during the passes over a store's predictions. Private to image_outcomes.cpp,
// architecture_outcomes.cpp, compressed_outcomes.cpp and outcome_sums.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "analysis/images/image_outcomes.h"
#include "analysis/images/outcome_groups.h"
#include "record/predictions.h"

namespace minima::analysis {

struct OutcomeContext {
  std::int64_t images = 1;  ///< test images
  std::int64_t validation_images = 0;
  std::size_t classes = 0;
  double majority_share = 0.0;
  std::optional<record::DatasetLabels> labels;  ///< empty: predictions are not read
  std::optional<std::size_t> best;              ///< index of the group
  std::optional<std::size_t> smallest;
  std::optional<TwoWaySums> best_sums;
  bool all_confusions = true;
};

/// Predictions of the finished runs of one architecture, in order of arrival.
struct PredictionBuffer {
  std::vector<std::size_t> runs;  ///< indices into Population::runs
  std::vector<std::vector<std::uint16_t>> test;
  std::vector<std::vector<std::uint16_t>> validation;
};

/// Adds rows for `count` diverged runs, which predict the most frequent class for every image.
void add_constant_rows(std::span<const std::uint16_t> labels, std::size_t classes,
                       std::int64_t count, std::vector<std::vector<std::uint16_t>>& rows);

[[nodiscard]] TwoWaySums sums_of(std::span<const std::uint16_t> labels,
                                 std::span<const std::vector<std::uint16_t>> predicted);

/// Fills in the per-image results of an architecture. All its finished runs are in the buffer.
void add_predictions(const OutcomeContext& dataset, PredictionBuffer buffer, bool keep_confusion,
                     const study::AnalysisSettings& settings, ArchitectureOutcomes& result);

/// The third pass: fills in `compressed` of each result; results[i] belongs to group i.
/// `is_right(run)`: correctness by test image; empty if the run has no predictions.
void add_compressed(
    const OutcomeGroups& groups, std::span<const OutcomeContext> datasets,
    const OutcomeSource& source,
    const std::function<std::optional<std::vector<std::uint8_t>>(std::size_t run)>& is_right,
    const study::AnalysisSettings& settings, std::span<ArchitectureOutcomes> results);

}  // namespace minima::analysis
