#include "analysis/images/class_outcomes.h"

#include <algorithm>
#include <stdexcept>

#include "statistics/statistics.h"

namespace minima::analysis {
namespace {

/// Indices of the images of each class.
std::vector<std::vector<std::size_t>> images_by_class(std::span<const std::uint16_t> labels,
                                                      std::size_t classes) {
  std::vector<std::vector<std::size_t>> images(classes);
  for (std::size_t j = 0; j < labels.size(); ++j) images.at(labels[j]).push_back(j);
  return images;
}

TwoWaySums sums_over_images(std::span<const std::size_t> images,
                            std::span<const std::vector<std::uint8_t>> right) {
  TwoWaySums sums(images.size());
  std::vector<std::uint8_t> row(images.size());
  for (const auto& outcomes : right) {
    for (std::size_t j = 0; j < images.size(); ++j) row[j] = outcomes[images[j]];
    sums.add(row);
  }
  return sums;
}

/// Mean over the classes. Classes have disjoint images, so their image variances add.
AccuracyInterval balanced_accuracy(std::span<const TwoWaySums> classes, double confidence) {
  const auto count = static_cast<double>(classes.size());
  const std::size_t replicates = classes.front().replicate_sums().size();
  Moments over_replicates;
  for (std::size_t i = 0; i < replicates; ++i) {
    double sum = 0.0;
    for (const TwoWaySums& one : classes) {
      sum += static_cast<double>(one.replicate_sums()[i]) /
             static_cast<double>(one.image_sums().size());
    }
    over_replicates.add(sum / count);
  }
  VarianceParts parts{.mean = std::clamp(over_replicates.mean(), 0.0, 1.0), .images = 0};
  const auto n = static_cast<double>(replicates);
  parts.seeds_variance = over_replicates.sample_sd() * over_replicates.sample_sd() / n;
  parts.seeds_df = n - 1.0;
  for (const TwoWaySums& one : classes) {
    const TwoWay table = one.result();
    const double alone = table.mean * (1.0 - table.mean) / static_cast<double>(table.images);
    const bool known = table.replicates > 1 && table.images > 1;
    parts.images_variance += (known ? table.images_variance() : alone) / (count * count);
    parts.images += table.images;
  }
  return accuracy_interval(parts, confidence);
}

}  // namespace

void Confusion::add(std::span<const std::uint16_t> labels,
                    std::span<const std::uint16_t> predicted) {
  if (labels.size() != predicted.size()) {
    throw std::invalid_argument("as many predictions as labels are needed");
  }
  for (std::size_t j = 0; j < labels.size(); ++j) {
    if (labels[j] >= classes_ || predicted[j] >= classes_) {
      throw std::invalid_argument("a class beyond those of the dataset");
    }
    ++counts_[labels[j] * classes_ + predicted[j]];
  }
}

std::int64_t Confusion::images_of(std::size_t label) const {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < classes_; ++k) sum += count(label, k);
  return sum;
}

std::int64_t Confusion::predicted_as(std::size_t predicted) const {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < classes_; ++k) sum += count(k, predicted);
  return sum;
}

ClassAccuracies class_accuracies(std::span<const std::uint16_t> labels, std::size_t classes,
                                 std::span<const std::vector<std::uint8_t>> right,
                                 double confidence) {
  ClassAccuracies result;
  if (labels.empty() || right.empty()) return result;
  const auto images = images_by_class(labels, classes);
  std::vector<TwoWaySums> sums;
  for (std::size_t k = 0; k < classes; ++k) {
    if (images[k].empty()) continue;
    sums.push_back(sums_over_images(images[k], right));
    result.classes.push_back({.label = k,
                              .images = static_cast<std::int64_t>(images[k].size()),
                              .accuracy = accuracy_interval(sums.back().result(), confidence)});
  }
  result.balanced = balanced_accuracy(sums, confidence);
  const auto worst = std::ranges::min_element(
      result.classes, {}, [](const ClassAccuracy& one) { return one.accuracy.mean; });
  const auto which = static_cast<std::size_t>(worst - result.classes.begin());
  const double each = 1.0 - (1.0 - confidence) / static_cast<double>(sums.size());
  result.worst = *worst;
  result.worst->accuracy = accuracy_interval(sums[which].result(), each);
  return result;
}

TopClass top_class(std::span<const std::uint16_t> predicted, std::size_t classes) {
  if (predicted.empty()) return {};
  std::vector<std::int64_t> counts(classes, 0);
  for (const std::uint16_t label : predicted) ++counts.at(label);
  const auto most = std::ranges::max_element(counts);
  return {.label = static_cast<std::size_t>(most - counts.begin()),
          .share = static_cast<double>(*most) / static_cast<double>(predicted.size())};
}

std::vector<std::uint8_t> right_of(std::span<const std::uint16_t> labels,
                                   std::span<const std::uint16_t> predicted) {
  if (labels.size() != predicted.size()) {
    throw std::invalid_argument("as many predictions as labels are needed");
  }
  std::vector<std::uint8_t> right(labels.size());
  for (std::size_t j = 0; j < labels.size(); ++j) right[j] = labels[j] == predicted[j] ? 1 : 0;
  return right;
}

}  // namespace minima::analysis
