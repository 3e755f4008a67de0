// Along which sparsities a curve of accuracy is flat, declines and collapses.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace minima::analysis {

/// What is lost is measured in shares of the skill, the dense network's accuracy less that of
/// always answering with the largest class. arXiv 2601.17987 names the phases; the rules are ours.
enum class PruningPhase {
  flat,     ///< loses at most the tolerance, and all pieces before it do
  decline,  ///< neither of the others
  /// Ends with less than half of the skill, and begins so or falls steeply (kCollapseFall); and
  /// every piece after one that is.
  collapse,
};
[[nodiscard]] std::string to_string(PruningPhase phase);

/// Skill lost per unit of sparsity from which on a fall is steep: twice that of a network that
/// loses everything evenly between 0 and 1.
inline constexpr double kCollapseFall = 2.0;
/// Fewest points of a piece.
inline constexpr std::size_t kPhasePoints = 3;

/// A piece of a curve, over which the error is exponential in sparsity.
struct PruningPiece {
  PruningPhase phase = PruningPhase::flat;
  double first_sparsity = 0.0;
  double last_sparsity = 0.0;
  double first_accuracy = 0.0;  ///< of the fit, like the next two
  double last_accuracy = 0.0;
  double fall = 0.0;  ///< skill lost per unit of sparsity, from the first to the last
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

/// What accuracies of a dataset are measured by.
struct AccuracyScale {
  double chance = 0.0;       ///< share of the largest class
  double least_error = 0.0;  ///< of no error at all: half a test image's
};

/// Lines of ln(1 - accuracy) fitted piece by piece (piecewise.h) to a curve that begins with the
/// dense network at sparsity 0 and whose sparsities increase. Lines of the accuracy itself would be
/// spent on the collapse, whose fall is tens of points and not straight, and miss where a decline
/// of a few points begins. A first piece that leaves the tolerance is cut at the last point from 0
/// on that does not; the piece behind it begins at that point.
[[nodiscard]] PruningPhases pruning_phases(std::span<const AccuracyPoint> curve,
                                           const AccuracyScale& scale, double tolerance);

}  // namespace minima::analysis
