// The sparsities over which an accuracy curve is flat, declines and collapses.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace minima::analysis {

/// Losses are fractions of the skill, the dense network's accuracy minus that of predicting the
/// majority class. arXiv 2601.17987 names the phases; the rules are our own.
enum class PruningPhase {
  flat,     ///< loses at most the tolerance, and so do all earlier pieces
  decline,  ///< neither flat nor collapse
  /// Ends with less than half of the skill, and either begins so or falls steeply (kCollapseFall).
  /// Includes all pieces after the first such piece.
  collapse,
};
[[nodiscard]] std::string to_string(PruningPhase phase);

/// Slope of a steep fall, in skill lost per unit of sparsity: twice that of a network that loses
/// everything evenly between 0 and 1.
inline constexpr double kCollapseFall = 2.0;
/// Minimum number of points of a piece.
inline constexpr std::size_t kPhasePoints = 3;

/// A piece of a curve over which the error is exponential in sparsity.
struct PruningPiece {
  PruningPhase phase = PruningPhase::flat;
  double first_sparsity = 0.0;
  double last_sparsity = 0.0;
  double first_accuracy = 0.0;  ///< fitted, like the next two
  double last_accuracy = 0.0;
  double fall = 0.0;  ///< skill lost per unit of sparsity, first to last point
};

struct PruningPhases {
  std::vector<PruningPiece> pieces;     ///< empty for fewer than two points
  std::optional<double> flat_until;     ///< last sparsity of the flat pieces
  std::optional<double> collapse_from;  ///< first sparsity of a collapse
};

struct AccuracyPoint {
  double sparsity = 0.0;
  double accuracy = 0.0;
};

/// The scale of accuracies on a dataset.
struct AccuracyScale {
  double chance = 0.0;       ///< fraction of the majority class
  double least_error = 0.0;  ///< lower bound of the error: half a test image
};

/// Fits ln(1 - accuracy) piecewise linearly (piecewise.h). The curve begins with the dense network
/// at sparsity 0, and its sparsities increase. Fits of the accuracy itself would spend their pieces
/// on the collapse, which is curved and spans tens of points, and miss the start of a decline of a
/// few points. If the first piece leaves the tolerance, it is cut at the last point before that;
/// the next piece begins there.
[[nodiscard]] PruningPhases pruning_phases(std::span<const AccuracyPoint> curve,
                                           const AccuracyScale& scale, double tolerance);

}  // namespace minima::analysis
