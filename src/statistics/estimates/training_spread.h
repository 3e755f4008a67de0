// The spread of accuracy between networks of one architecture: how much is real, and how much is
// due to the finite test set.
#pragma once

#include <optional>

#include "statistics/estimates/two_way.h"

namespace minima {

/// Standard deviations over replicates, as fractions.
struct TrainingSpread {
  double observed = 0.0;  ///< sd of the accuracies on the test images
  /// The part of `observed` due to the finite test set: the spread of replicates that are equally
  /// good on infinitely many images but fail on different ones.
  double by_images = 0.0;
  /// Standard deviation of the accuracies on infinitely many images: the root of the unbiased
  /// estimate of the variance (Jordan, arXiv 2304.01910), 0 if that is negative.
  double training = 0.0;
  /// The interval of `training` by Williams (1962). It treats the variance due to images as known,
  /// since it rests on many images, and assumes normally distributed accuracies.
  double low = 0.0;
  double high = 0.0;
};

/// Nothing for fewer than two replicates or two images.
[[nodiscard]] std::optional<TrainingSpread> training_spread(const TwoWay& right, double confidence);

}  // namespace minima
