// Which classes a network confuses: per-class accuracy, balanced accuracy, confusion matrix.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "statistics/accuracy_interval.h"

namespace minima::analysis {

/// How often images of a class were given each class. Counts over all replicates that were added.
class Confusion {
 public:
  explicit Confusion(std::size_t classes) : classes_(classes), counts_(classes * classes, 0) {}

  /// The predictions of one network; both have one entry per image, below the number of classes.
  /// A larger entry is an invalid argument.
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

/// One class. Accuracy of a class is the share of its images that are right, also called recall.
struct ClassAccuracy {
  std::size_t label = 0;
  std::int64_t images = 0;  ///< of the class, in the split
  AccuracyInterval accuracy;
};

/// The accuracies of an architecture's classes, over its replicates.
struct ClassAccuracies {
  std::vector<ClassAccuracy> classes;  ///< those with images, in their order
  /// The mean of the classes' accuracies: every class counts the same, however many images it has.
  AccuracyInterval balanced;
  /// The class of the lowest accuracy; the first of equals. One of many is the lowest by chance
  /// too, so its interval is simultaneous over the classes (Bonferroni).
  std::optional<ClassAccuracy> worst;
};

/// From the labels of the images, and which of them each replicate has right (1) or wrong (0).
[[nodiscard]] ClassAccuracies class_accuracies(std::span<const std::uint16_t> labels,
                                               std::size_t classes,
                                               std::span<const std::vector<std::uint8_t>> right,
                                               double confidence);

/// The class that gets the most images of one network, and the share of them.
struct TopClass {
  std::size_t label = 0;
  double share = 0.0;
};
[[nodiscard]] TopClass top_class(std::span<const std::uint16_t> predicted, std::size_t classes);

/// Right (1) or wrong (0), by image.
[[nodiscard]] std::vector<std::uint8_t> right_of(std::span<const std::uint16_t> labels,
                                                 std::span<const std::uint16_t> predicted);

}  // namespace minima::analysis
