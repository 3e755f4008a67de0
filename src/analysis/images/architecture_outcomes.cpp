// Computes the results of one architecture from its predictions.
#include <algorithm>

#include "analysis/images/outcome_context.h"

namespace minima::analysis {
namespace {

using Rows = std::vector<std::vector<std::uint16_t>>;

std::vector<std::vector<std::uint8_t>> right_rows(std::span<const std::uint16_t> labels,
                                                  const Rows& predicted) {
  std::vector<std::vector<std::uint8_t>> right;
  right.reserve(predicted.size());
  for (const auto& row : predicted) right.push_back(right_of(labels, row));
  return right;
}

RunOutcomes outcomes_of(std::size_t run, std::span<const std::uint16_t> labels,
                        std::span<const std::uint16_t> predicted, std::size_t classes,
                        double constant_share) {
  Confusion confusion(classes);
  confusion.add(labels, predicted);
  RunOutcomes outcomes{.run = run, .worst_accuracy = 2.0};
  outcomes.top = top_class(predicted, classes);
  outcomes.constant = outcomes.top.share >= constant_share;
  std::int64_t right = 0;
  int with_images = 0;
  for (std::size_t k = 0; k < classes; ++k) {
    const std::int64_t images = confusion.images_of(k);
    if (images == 0) continue;
    ++with_images;
    right += confusion.count(k, k);
    const double accuracy =
        static_cast<double>(confusion.count(k, k)) / static_cast<double>(images);
    outcomes.balanced += accuracy;
    if (accuracy < outcomes.worst_accuracy) {
      outcomes.worst = k;
      outcomes.worst_accuracy = accuracy;
    }
  }
  outcomes.balanced /= std::max(with_images, 1);
  outcomes.accuracy = static_cast<double>(right) / static_cast<double>(labels.size());
  return outcomes;
}

/// The accuracy interval on validation images, which select between networks.
void add_validation(const OutcomeContext& dataset, Rows rows,
                    const study::AnalysisSettings& settings, ArchitectureOutcomes& result) {
  const auto& labels = dataset.labels->validation;
  const bool whole = !labels.empty() && !rows.empty() &&
                     std::ranges::none_of(rows, [](const auto& row) { return row.empty(); });
  if (!whole) return;
  add_constant_rows(labels, dataset.classes, result.diverged, rows);
  result.validation = accuracy_interval(sums_of(labels, rows).result(), settings.confidence);
}

}  // namespace

void add_constant_rows(std::span<const std::uint16_t> labels, std::size_t classes,
                       std::int64_t count, std::vector<std::vector<std::uint16_t>>& rows) {
  if (count == 0) return;
  const auto majority = static_cast<std::uint16_t>(top_class(labels, classes).label);
  rows.resize(rows.size() + static_cast<std::size_t>(count),
              std::vector<std::uint16_t>(labels.size(), majority));
}

TwoWaySums sums_of(std::span<const std::uint16_t> labels,
                   std::span<const std::vector<std::uint16_t>> predicted) {
  TwoWaySums sums(labels.size());
  for (const auto& row : predicted) sums.add(right_of(labels, row));
  return sums;
}

void add_predictions(const OutcomeContext& dataset, PredictionBuffer buffer, bool keep_confusion,
                     const study::AnalysisSettings& settings, ArchitectureOutcomes& result) {
  const auto& labels = dataset.labels->test;
  for (std::size_t i = 0; i < buffer.runs.size(); ++i) {
    result.outcomes.push_back(outcomes_of(buffer.runs[i], labels, buffer.test[i], dataset.classes,
                                          settings.constant_prediction));
  }
  result.per_image = true;
  result.agreement = agreement_of(labels, dataset.classes, buffer.test);
  add_constant_rows(labels, dataset.classes, result.diverged, buffer.test);
  if (keep_confusion) {
    result.confusion.emplace(dataset.classes);
    for (const auto& row : buffer.test) result.confusion->add(labels, row);
  }
  const auto right = right_rows(labels, buffer.test);
  TwoWaySums sums(labels.size());
  for (const auto& row : right) sums.add(row);
  const TwoWay table = sums.result();
  result.test = accuracy_interval(table, settings.confidence);
  result.spread = training_spread(table, settings.confidence);
  result.classes = class_accuracies(labels, dataset.classes, right, settings.confidence);
  if (result.below_best && dataset.best_sums) {
    result.below_best = accuracy_difference(*dataset.best_sums, sums, settings.confidence);
  }
  add_validation(dataset, std::move(buffer.validation), settings, result);
}

}  // namespace minima::analysis
