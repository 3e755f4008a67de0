// Which networks are worth their size: the front of accuracy against size, with intervals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "statistics/mean_estimate.h"

namespace minima::analysis {

/// A network, or a choice of one, measured on several replicates.
struct Point {
  double size = 0.0;  ///< parameters, bytes, or any other cost
  /// On the test images, one per replicate, fractions; at least one.
  std::vector<double> accuracies;
  /// Where single accuracies are not at hand: their summary, in their place.
  std::optional<AccuracySummary> summary = {};
  std::int64_t images = 0;  ///< test images behind each of them
  /// Mean accuracy on validation images: decides which points are on the front. NaN: none, then the
  /// test accuracies decide.
  double choosing = std::numeric_limits<double>::quiet_NaN();
  /// Points of one number were made of the same trained runs, as the compressed versions of an
  /// architecture are: their replicates count once. Absent: no other point has these runs.
  std::optional<std::size_t> trained = {};
};

/// A point that is more accurate than every smaller one.
struct FrontPoint {
  std::size_t point = 0;  ///< index into the points
  double accuracy = 0.0;  ///< mean over replicates
  /// Simultaneous interval. Absent where no point has two replicates: nothing is known of how much
  /// trainings differ.
  std::optional<double> low;
  std::optional<double> high;
  double gain = 0.0;               ///< over the next smaller point of the front; 0 for the first
  std::optional<double> gain_low;  ///< simultaneous lower limit of the gain; absent as `low`
  bool shown = false;              ///< gain_low > 0; always true for the first
};

struct Front {
  std::vector<FrontPoint> points;  ///< by size, ascending
  std::size_t compared = 0;        ///< how many points were looked at
  double confidence = 0.95;
};

/// The points of a front are chosen among all by their accuracy, so every interval must hold for
/// all points at once: Bonferroni, over all points for the means and over all pairs for the gains.
/// A bootstrap of the maximum would hardly be narrower: the errors by replicates are independent.
///
/// The variance of a mean has a part by replicates and one by test images (image_variance). The
/// part by replicates is the point's own variance or the fit over all points that falls with
/// accuracy, whichever is larger: five replicates alone tell too little at the small levels that
/// Bonferroni asks for. Its degrees of freedom are those of all trained runs together.
[[nodiscard]] Front front_of(std::span<const Point> points, double confidence);

}  // namespace minima::analysis
