// The Pareto front of accuracy against size, with intervals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "statistics/estimates/mean_estimate.h"

namespace minima::analysis {

/// A network, or a choice of network, measured on several replicates.
struct Point {
  double size = 0.0;  ///< parameters, bytes, or any other cost
  /// Test accuracy of each replicate, as a fraction; at least one.
  std::vector<double> accuracies;
  /// Replaces `accuracies` if only their summary is available.
  std::optional<AccuracySummary> summary = {};
  std::int64_t images = 0;  ///< test images behind each accuracy
  /// Mean accuracy on validation images; decides which points are on the front. NaN: none, and the
  /// test accuracies decide.
  double choosing = std::numeric_limits<double>::quiet_NaN();
  /// Points with the same number come from the same trained runs, such as the compressed versions
  /// of an architecture: their replicates count once. Absent: the runs are not shared.
  std::optional<std::size_t> trained = {};
};

/// A point that is more accurate than every smaller one.
struct FrontPoint {
  std::size_t point = 0;  ///< index into the points
  double accuracy = 0.0;  ///< mean over replicates
  /// Simultaneous interval. Absent if no point has two replicates, because the variance between
  /// trainings is then unknown.
  std::optional<double> low;
  std::optional<double> high;
  double gain = 0.0;               ///< over the previous point of the front; 0 for the first
  std::optional<double> gain_low;  ///< simultaneous lower limit of the gain; absent like `low`
  bool shown = false;              ///< gain_low > 0; always true for the first
};

struct Front {
  std::vector<FrontPoint> points;  ///< by size, ascending
  std::size_t compared = 0;        ///< number of points compared
  double confidence = 0.95;
};

/// The front is selected by accuracy among all points, so the intervals must hold for all points at
/// once. They use Bonferroni: over all points for the means, over all pairs for the gains. A
/// bootstrap of the maximum would hardly be narrower, because the errors due to replicates are
/// independent.
///
/// The variance of a mean has a component due to replicates and one due to test images
/// (image_variance). The former is the larger of the point's own variance and the fit over all
/// points that falls with accuracy: five replicates alone are too few for the small error levels of
/// Bonferroni. Its degrees of freedom are those of all trained runs together.
[[nodiscard]] Front front_of(std::span<const Point> points, double confidence);

}  // namespace minima::analysis
