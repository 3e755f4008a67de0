#include "analysis/images/paired_outcomes.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

/// Confidence of the two-sided interval whose limits are one-sided limits at the given confidence.
double two_sided(double one_sided) {
  return std::max(0.0, 2.0 * one_sided - 1.0);
}

double share(std::int64_t part, std::int64_t all) {
  return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
}

/// Whether the network is correct on images of one class only.
bool is_constant(std::span<const std::int64_t> right, std::span<const std::int64_t> images,
                 double all) {
  int full = 0;
  int classes = 0;
  for (std::size_t k = 0; k < images.size(); ++k) {
    if (images[k] == 0) continue;
    ++classes;
    const double accuracy = share(right[k], images[k]);
    if (accuracy >= all) ++full;
    if (accuracy < all && accuracy > 1.0 - all) return false;
  }
  return classes > 1 && full <= 1;
}

}  // namespace

std::string to_string(LossVerdict verdict) {
  switch (verdict) {
    case LossVerdict::within:
      return "within tolerance";
    case LossVerdict::beyond:
      return "beyond tolerance";
    case LossVerdict::undecided:
      break;
  }
  return "undecided";
}

McNemar mcnemar(std::int64_t forgotten, std::int64_t learned) {
  const std::int64_t discordant = forgotten + learned;
  if (discordant == 0) return {};
  const std::int64_t more = std::max(forgotten, learned);
  const double tail = binomial_upper_tail(more, discordant, 0.5);
  const double point = tail - binomial_upper_tail(more + 1, discordant, 0.5);
  return {.exact = std::min(1.0, 2.0 * tail), .mid = std::min(1.0, 2.0 * tail - point)};
}

PairedSums::PairedSums(std::span<const std::uint16_t> labels, std::size_t classes)
    : labels_(labels),
      class_images_(classes, 0),
      right_before_(classes, 0),
      differences_(labels.size()),
      row_(labels.size()) {
  for (const std::uint16_t label : labels) ++class_images_.at(label);
}

void PairedSums::add(std::span<const std::uint8_t> before, std::span<const std::uint8_t> after) {
  if (before.size() != labels_.size() || after.size() != labels_.size()) {
    throw std::invalid_argument("as many outcomes as labels are needed");
  }
  RunCounts& run = runs_.emplace_back();
  run.right_after.assign(class_images_.size(), 0);
  for (std::size_t j = 0; j < labels_.size(); ++j) {
    row_[j] = static_cast<std::int8_t>(before[j] - after[j]);
    run.forgotten += row_[j] > 0;
    run.learned += row_[j] < 0;
    right_before_[labels_[j]] += before[j];
    run.right_after[labels_[j]] += after[j];
  }
  differences_.add(std::span<const std::int8_t>(row_));
}

PairedLoss PairedSums::result(double tolerance, double confidence, double constant_share) const {
  const TwoWay table = differences_.result();
  const std::int64_t all = table.replicates * table.images;
  PairedLoss loss;
  loss.runs = table.replicates;
  loss.images = table.images;
  loss.loss = accuracy_difference(table, confidence);
  const AccuracyDifference limits = accuracy_difference(table, two_sided(confidence));
  loss.low = limits.low;
  loss.high = limits.high;
  if (loss.high < tolerance) loss.verdict = LossVerdict::within;
  if (loss.low > tolerance) loss.verdict = LossVerdict::beyond;
  std::int64_t forgotten = 0;
  std::int64_t learned = 0;
  for (const RunCounts& run : runs_) {
    forgotten += run.forgotten;
    learned += run.learned;
    loss.runs_worse +=
        run.forgotten > run.learned && mcnemar(run.forgotten, run.learned).mid < 1.0 - confidence;
    loss.constant += is_constant(run.right_after, class_images_, constant_share);
  }
  loss.forgotten = share(forgotten, all);
  loss.learned = share(learned, all);
  add_classes(loss);
  return loss;
}

void PairedSums::add_classes(PairedLoss& loss) const {
  double most = -2.0;
  int classes = 0;
  std::int64_t right_before = 0;
  std::int64_t right_after = 0;
  for (std::size_t k = 0; k < class_images_.size(); ++k) {
    if (class_images_[k] == 0) continue;
    std::int64_t right = 0;
    for (const RunCounts& run : runs_) right += run.right_after[k];
    ++classes;
    right_before += right_before_[k];
    right_after += right;
    const double before = share(right_before_[k], class_images_[k] * loss.runs);
    const double after = share(right, class_images_[k] * loss.runs);
    loss.balanced_after += after;
    if (before - after > most) {
      most = before - after;
      loss.most_harmed = k;
      loss.most_harmed_before = before;
      loss.most_harmed_after = after;
    }
  }
  loss.balanced_after /= std::max(classes, 1);
  loss.accuracy_before = share(right_before, loss.runs * loss.images);
  loss.accuracy_after = share(right_after, loss.runs * loss.images);
}

}  // namespace minima::analysis
