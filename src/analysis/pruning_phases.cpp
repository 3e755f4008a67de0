#include "analysis/pruning_phases.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/piecewise.h"

namespace minima::analysis {
namespace {

PruningPiece piece_of(const LinePiece& line, std::span<const AccuracyPoint> curve, double skill) {
  PruningPiece piece{.first_sparsity = curve[line.begin].sparsity,
                     .last_sparsity = curve[line.end - 1].sparsity};
  piece.first_accuracy = 1.0 - std::exp(line.intercept + line.slope * piece.first_sparsity);
  piece.last_accuracy = 1.0 - std::exp(line.intercept + line.slope * piece.last_sparsity);
  piece.fall = (piece.first_accuracy - piece.last_accuracy) /
               (piece.last_sparsity - piece.first_sparsity) / skill;
  return piece;
}

}  // namespace

std::string to_string(PruningPhase phase) {
  switch (phase) {
    case PruningPhase::flat:
      return "flat";
    case PruningPhase::decline:
      return "decline";
    case PruningPhase::collapse:
      break;
  }
  return "collapse";
}

PruningPhases pruning_phases(std::span<const AccuracyPoint> curve, const AccuracyScale& scale,
                             double tolerance) {
  std::vector<double> x;
  std::vector<double> y;
  for (const AccuracyPoint& point : curve) {
    x.push_back(point.sparsity);
    y.push_back(std::log(std::max(1.0 - point.accuracy, scale.least_error)));
  }
  PruningPhases phases;
  if (curve.empty()) return phases;
  constexpr double kRounding = 1e-9;
  const double dense = curve.front().accuracy;
  const double skill = std::max(dense - scale.chance, std::numeric_limits<double>::min());
  const double half = scale.chance + skill / 2.0;
  auto phase = PruningPhase::flat;
  for (const LinePiece& line : piecewise_linear(x, y, kPhasePoints)) {
    PruningPiece piece = piece_of(line, curve, skill);
    const double lowest = std::min(piece.first_accuracy, piece.last_accuracy);
    const bool loses = dense - lowest > tolerance + kRounding;
    const bool is_steep = piece.fall >= kCollapseFall || piece.first_accuracy < half;
    if (phase == PruningPhase::flat && loses) phase = PruningPhase::decline;
    if (phase == PruningPhase::decline && piece.last_accuracy < half && is_steep) {
      phase = PruningPhase::collapse;
      phases.collapse_from = piece.first_sparsity;
    }
    if (phase == PruningPhase::flat) phases.flat_until = piece.last_sparsity;
    piece.phase = phase;
    phases.pieces.push_back(piece);
  }
  return phases;
}

}  // namespace minima::analysis
