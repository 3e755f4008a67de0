// Which classes a network confuses: per-class accuracy, balanced accuracy, confusion matrix.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "statistics/estimates/accuracy_interval.h"

namespace minima::analysis {

/// Number of images per true and predicted class, summed over the replicates that were added.
class Confusion {
 public:
  explicit Confusion(std::size_t classes) : classes_(classes), counts_(classes * classes, 0) {}

  /// Adds the predictions of one network. Both spans have one entry per image, each below the
  /// number of classes; otherwise throws std::invalid_argument.
  void add(std::span<const std::uint16_t> labels, std::span<const std::uint16_t> predicted);

  [[nodiscard]] std::size_t classes() const { return classes_; }
  [[nodiscard]] std::int64_t count(std::size_t label, std::size_t predicted) const {
    return counts_[label * classes_ + predicted];
  }
  /// Images of a class, counted once per replicate.
  [[nodiscard]] std::int64_t images_of(std::size_t label) const;
  [[nodiscard]] std::int64_t predicted_as(std::size_t predicted) const;

 private:
  std::size_t classes_;
  std::vector<std::int64_t> counts_;
};

/// Accuracy of one class, also called recall: the fraction of its images that are correct.
struct ClassAccuracy {
  std::size_t label = 0;
  std::int64_t images = 0;  ///< images of the class in the split
  AccuracyInterval accuracy;
};

/// Per-class accuracies of an architecture over its replicates.
struct ClassAccuracies {
  std::vector<ClassAccuracy> classes;  ///< classes with images, in label order
  /// Mean of the class accuracies; every class has equal weight, whatever its number of images.
  AccuracyInterval balanced;
  /// The class with the lowest accuracy; on ties the first one. Some class is lowest by chance
  /// alone, so the interval is simultaneous over the classes (Bonferroni).
  std::optional<ClassAccuracy> worst;
};

/// `labels`: one per image. `right`: for each replicate one entry per image, 1 if correct, else 0.
[[nodiscard]] ClassAccuracies class_accuracies(std::span<const std::uint16_t> labels,
                                               std::size_t classes,
                                               std::span<const std::vector<std::uint8_t>> right,
                                               double confidence);

/// The class that one network predicts most often, and the fraction of images it predicts as such.
struct TopClass {
  std::size_t label = 0;
  double share = 0.0;
};
[[nodiscard]] TopClass top_class(std::span<const std::uint16_t> predicted, std::size_t classes);

/// One entry per image: 1 if the prediction is correct, else 0.
[[nodiscard]] std::vector<std::uint8_t> right_of(std::span<const std::uint16_t> labels,
                                                 std::span<const std::uint16_t> predicted);

}  // namespace minima::analysis
