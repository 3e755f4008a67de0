// Whether a network learned: its accuracy against always answering with the majority class.
#pragma once

#include <cstdint>

#include "store/store.h"

namespace minima::analysis {

/// The accuracy of always predicting the majority class, and the one-sided binomial test whether a
/// network is better.
class Chance {
 public:
  /// `majority_share`: fraction of the majority class among the `images`.
  Chance(std::int64_t images, double majority_share, double significance);
  /// On the test images of a dataset.
  Chance(const record::DatasetRecord& dataset, double significance);

  /// The smallest number of correct answers that is significantly more than the majority class
  /// achieves; the number of images + 1 if none is.
  [[nodiscard]] std::int64_t threshold() const { return threshold_; }

  /// Whether a network learned. `accuracy`: a fraction of the images. False for NaN.
  [[nodiscard]] bool is_beaten_by(double accuracy) const;

 private:
  std::int64_t images_;
  std::int64_t threshold_;
};

}  // namespace minima::analysis
