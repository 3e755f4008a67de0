// Confidence intervals of accuracies. They cover both sources of chance: the trained networks and
// the sampled test images. docs/predictions.md has the formulas and the measured coverage.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "statistics/estimates/mean_estimate.h"
#include "statistics/estimates/two_way.h"
#include "statistics/estimates/wilson.h"

namespace minima {

/// The mean accuracy of an architecture over its replicates, as a fraction, with a confidence
/// interval of its expected accuracy over all possible replicates and images.
struct AccuracyInterval {
  double mean = 0.0;
  double low = 0.0;  ///< 0..1, like high
  double high = 1.0;
  /// Standard error of the mean due to the finite number of replicates. NaN for one replicate; the
  /// interval then describes this one network.
  double se_seeds = 0.0;
  double se_images = 0.0;  ///< standard error due to the finite number of images
};

/// From accuracies alone, one per replicate, all on the same `images`. The overlap of the
/// replicates' errors is unknown, so the worst case is assumed: all fail on the same images. The
/// interval is therefore too wide rather than too narrow. Needs at least one accuracy and one
/// image.
[[nodiscard]] AccuracyInterval accuracy_interval(std::span<const double> accuracies,
                                                 std::int64_t images, double confidence);

/// The same from a summary of at least one replicate.
[[nodiscard]] AccuracyInterval accuracy_interval(const AccuracySummary& accuracies,
                                                 std::int64_t images, double confidence);

/// From the outcome for every image (1: correct), which allows estimating the variance due to
/// images. With one replicate it equals the overload for accuracies alone.
[[nodiscard]] AccuracyInterval accuracy_interval(const TwoWay& right, double confidence);

/// A mean and the two parts of its variance: the part due to the replicates with its degrees of
/// freedom (0: unknown), and the part due to `images` images.
struct VarianceParts {
  double mean = 0.0;
  double seeds_variance = 0.0;
  double seeds_df = 0.0;
  double images_variance = 0.0;
  std::int64_t images = 1;
};
[[nodiscard]] AccuracyInterval accuracy_interval(const VarianceParts& parts, double confidence);

/// A difference of two accuracies, or an accuracy loss, as a fraction: first minus second.
struct AccuracyDifference {
  double mean = 0.0;
  double low = -1.0;  ///< -1..1, like high
  double high = 1.0;
  /// As in AccuracyInterval. A side with one replicate is assumed to vary like the other side. NaN
  /// if both sides have one replicate; the interval then covers the images only.
  double se_seeds = 0.0;
  double se_images = 0.0;
};

/// For two architectures of which only accuracies are known. `images` as above, the same for both.
/// The errors of the two are assumed independent, which gives too wide an interval if they fail on
/// the same images.
[[nodiscard]] AccuracyDifference accuracy_difference(std::span<const double> first,
                                                     std::span<const double> second,
                                                     std::int64_t images, double confidence);

/// For two architectures on the same images, with independent replicates. Paired over images. Also
/// valid, and slightly too wide, if replicates of equal number share their shuffles.
[[nodiscard]] AccuracyDifference accuracy_difference(const TwoWaySums& first,
                                                     const TwoWaySums& second, double confidence);

/// Paired over images and replicates: `differences` has first minus second for every replicate and
/// image. Valid for a compressed network and the run that it was made from.
[[nodiscard]] AccuracyDifference accuracy_difference(const TwoWay& differences, double confidence);

/// The accuracies of the replicates of two architectures on the same images.
struct AccuracyPair {
  std::vector<double> first;
  std::vector<double> second;
};

/// Outcomes of the replicates of two architectures on the same images. Both outlive the pair.
struct OutcomePair {
  const TwoWaySums* first = nullptr;
  const TwoWaySums* second = nullptr;
};

/// For each replicate the mean over all pairs of its accuracy minus its architecture's mean.
/// Replicates of equal number see the same batches, so they may be good or bad together; then these
/// means vary more than those of independent runs.
struct ReplicateMeans {
  std::vector<double> first;
  std::vector<double> second;
};

/// The mean of the differences of several pairs, which share their images. The part by replicates
/// is the wider one of two: of independent runs, with the degrees of freedom of all pairs
/// (Satterthwaite 1946), and of `replicates`. The part by images is the variance of each image's
/// mean difference. `se_seeds` is NaN if both sides of a pair have one replicate; the interval then
/// leaves out the chance of that pair's training. At least one pair.
[[nodiscard]] AccuracyDifference mean_difference(std::span<const OutcomePair> pairs,
                                                 const ReplicateMeans& replicates,
                                                 double confidence);
/// From accuracies alone. All pairs are assumed to fail on the same images, so the interval is too
/// wide rather than too narrow.
[[nodiscard]] AccuracyDifference mean_difference(std::span<const AccuracyPair> pairs,
                                                 const ReplicateMeans& replicates,
                                                 std::int64_t images, double confidence);

/// The smallest difference between the accuracies of two networks near `accuracy` that `images`
/// test images can detect: half the width of its interval. Assumes that half of the errors are on
/// the same images; networks without common errors need 1.4 times the difference.
[[nodiscard]] double resolution_of(std::int64_t images, double accuracy, double confidence);

/// The number of test images whose resolution is `difference` > 0, rounded up to two significant
/// digits.
[[nodiscard]] std::int64_t images_to_resolve(double difference, double accuracy, double confidence);

/// A tolerance that a test set cannot resolve.
struct Unresolved {
  double tolerance = 0.0;
  std::int64_t images = 0;
  double resolution = 0.0;         ///< resolution of these images
  std::int64_t images_needed = 0;  ///< images needed to resolve the tolerance
};

/// Nothing if `images` resolve the tolerance, or if the tolerance is 0.
[[nodiscard]] std::optional<Unresolved> unresolved_tolerance(double tolerance, std::int64_t images,
                                                             double accuracy, double confidence);

}  // namespace minima
