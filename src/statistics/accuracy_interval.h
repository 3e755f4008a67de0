// Intervals of accuracies that cover both sources of chance: which networks were trained, and which
// test images were drawn. docs/predictions.md has the formulas and how well they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "statistics/mean_estimate.h"
#include "statistics/two_way.h"
#include "statistics/wilson.h"

namespace minima {

/// The mean accuracy of an architecture over its replicates, as a fraction, with the interval of
/// its accuracy over all replicates and images that could have been drawn.
struct AccuracyInterval {
  double mean = 0.0;
  double low = 0.0;  ///< 0..1, like high
  double high = 1.0;
  /// Standard error of the mean due to the finite number of replicates; NaN with one replicate,
  /// whose interval is that of this one network.
  double se_seeds = 0.0;
  double se_images =
      0.0;  ///< likewise due to the finite number of images that all replicates share
};

/// From accuracies alone, one per replicate, all on the same `images`. What the replicates share is
/// not known then; the worst case is assumed, that they fail on the same images. So the interval is
/// too wide rather than too narrow. Needs at least one accuracy and one image.
[[nodiscard]] AccuracyInterval accuracy_interval(std::span<const double> accuracies,
                                                 std::int64_t images, double confidence);

/// The same from their summary, of at least one replicate.
[[nodiscard]] AccuracyInterval accuracy_interval(const AccuracySummary& accuracies,
                                                 std::int64_t images, double confidence);

/// From the outcomes of every image (1: right): the share that images have is estimated. Falls back
/// on the above with one replicate.
[[nodiscard]] AccuracyInterval accuracy_interval(const TwoWay& right, double confidence);

/// From a mean and its two parts: the variance due to the replicates with its degrees of freedom
/// (0: not known), and the variance due to `images` images.
struct VarianceParts {
  double mean = 0.0;
  double seeds_variance = 0.0;
  double seeds_df = 0.0;
  double images_variance = 0.0;
  std::int64_t images = 1;
};
[[nodiscard]] AccuracyInterval accuracy_interval(const VarianceParts& parts, double confidence);

/// A difference of two accuracies, or a loss, as a fraction: first minus second.
struct AccuracyDifference {
  double mean = 0.0;
  double low = -1.0;  ///< -1..1, like high
  double high = 1.0;
  /// As in AccuracyInterval. One replicate on one side is taken to vary as those on the other do;
  /// NaN with one on either side, where the interval covers the images only.
  double se_seeds = 0.0;
  double se_images = 0.0;
};

/// Of two architectures of which only accuracies are known. `images` as above, the same for both.
/// Errors of the two are taken as independent, which is too wide where they fail on the same
/// images.
[[nodiscard]] AccuracyDifference accuracy_difference(std::span<const double> first,
                                                     std::span<const double> second,
                                                     std::int64_t images, double confidence);

/// Of two architectures on the same images, whose replicates are independent. Paired over images.
/// Also right, and a little too wide, where replicates of equal number share their shuffles.
[[nodiscard]] AccuracyDifference accuracy_difference(const TwoWaySums& first,
                                                     const TwoWaySums& second, double confidence);

/// Paired over images and replicates: `differences` has first minus second of every replicate and
/// image. Right for a compressed network and the run that it was made of.
[[nodiscard]] AccuracyDifference accuracy_difference(const TwoWay& differences, double confidence);

/// The smallest difference between the accuracies of two networks near `accuracy` that `images`
/// test images can show: half the width of its interval. Half of the errors are taken to be on the
/// same images; networks with no error in common need 1.4 times the difference.
[[nodiscard]] double resolution_of(std::int64_t images, double accuracy, double confidence);

/// The number of test images whose resolution is `difference` > 0, rounded up to two digits.
[[nodiscard]] std::int64_t images_to_resolve(double difference, double accuracy, double confidence);

/// A tolerance that a test set cannot resolve.
struct Unresolved {
  double tolerance = 0.0;
  std::int64_t images = 0;
  double resolution = 0.0;         ///< of these images
  std::int64_t images_needed = 0;  ///< for the tolerance
};

/// Nothing where `images` resolve the tolerance, or the tolerance is 0.
[[nodiscard]] std::optional<Unresolved> unresolved_tolerance(double tolerance, std::int64_t images,
                                                             double accuracy, double confidence);

}  // namespace minima
