// How much networks of one architecture differ in truth, and how much only by the test images.
#pragma once

#include <optional>

#include "statistics/two_way.h"

namespace minima {

/// Standard deviations over replicates, as fractions.
struct TrainingSpread {
  double observed = 0.0;  ///< of the accuracies on the test images
  /// Of the observed one, what replicates would show that are equally good on infinitely many
  /// images, but fail on different ones.
  double by_images = 0.0;
  /// Of the accuracies on infinitely many images: the root of the unbiased estimate of the variance
  /// (Jordan, arXiv 2304.01910), 0 where that is negative.
  double training = 0.0;
  /// The interval of `training`: that of Williams (1962), with the variance due to images taken as
  /// known, since it rests on many images. It takes accuracies as normal.
  double low = 0.0;
  double high = 0.0;
};

/// Nothing below two replicates or two images.
[[nodiscard]] std::optional<TrainingSpread> training_spread(const TwoWay& right, double confidence);

/// The x that a chi-squared variable with `df` > 0 degrees of freedom is below with this
/// probability in (0, 1).
[[nodiscard]] double chi_squared_quantile(double probability, double df);

}  // namespace minima
