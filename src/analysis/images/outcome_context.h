// What the passes over a store's predictions know of a dataset. Private to image_outcomes*.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "analysis/images/image_outcomes.h"
#include "analysis/images/outcome_groups.h"

namespace minima::analysis {

struct OutcomeContext {
  std::int64_t images = 1;  ///< test images
  std::int64_t validation_images = 0;
  std::size_t classes = 0;
  double majority_share = 0.0;
  std::optional<store::DatasetLabels> labels;  ///< nothing: no predictions are looked at
  std::optional<std::size_t> best;             ///< groups
  std::optional<std::size_t> smallest;
  std::optional<TwoWaySums> best_sums;
  bool all_confusions = true;
};

/// Predictions of finished runs of one architecture, in the order of their arrival.
struct PredictionBuffer {
  std::vector<std::size_t> runs;  ///< indices into Population::runs
  std::vector<std::vector<std::uint16_t>> test;
  std::vector<std::vector<std::uint16_t>> validation;
};

/// Adds rows for `count` runs that diverged: they always answer the most frequent class.
void add_constant_rows(std::span<const std::uint16_t> labels, std::size_t classes,
                       std::int64_t count, std::vector<std::vector<std::uint16_t>>& rows);

[[nodiscard]] TwoWaySums sums_of(std::span<const std::uint16_t> labels,
                                 std::span<const std::vector<std::uint16_t>> predicted);

/// Fills in what single images say of an architecture whose finished runs are all in the buffer.
void add_predictions(const OutcomeContext& dataset, PredictionBuffer buffer, bool keep_confusion,
                     const study::AnalysisSettings& settings, ArchitectureOutcomes& result);

/// The third pass: fills in `compressed` of the results, which belong to the groups.
/// `is_right(run)`: of a run by test image, or nothing where it has no predictions.
void add_compressed(
    const OutcomeGroups& groups, std::span<const OutcomeContext> datasets,
    const OutcomeSource& source,
    const std::function<std::optional<std::vector<std::uint8_t>>(std::size_t run)>& is_right,
    const study::AnalysisSettings& settings, std::span<ArchitectureOutcomes> results);

}  // namespace minima::analysis
