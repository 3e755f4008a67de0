#include "analysis/compression/pruning_phases.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/numbers/tolerance.h"
#include "statistics/fits/piecewise.h"

namespace minima::analysis {
namespace {

// A curve and its fit.
struct Fit {
  std::span<const AccuracyPoint> curve;
  std::vector<double> x;
  std::vector<double> y;  // ln(1 - accuracy)
  double skill = 0.0;
  double tolerance = 0.0;

  [[nodiscard]] bool loses(double accuracy) const {
    return curve.front().accuracy - accuracy > tolerance + kRounding;
  }
  /// Fits a line to at least two adjacent points.
  [[nodiscard]] LinePiece line(std::size_t begin, std::size_t end) const {
    const std::size_t points = end - begin;
    LinePiece line = piecewise_linear(std::span(x).subspan(begin, points),
                                      std::span(y).subspan(begin, points), points)
                         .front();
    line.begin = begin;
    line.end = end;
    return line;
  }
  [[nodiscard]] PruningPiece piece(const LinePiece& line) const {
    PruningPiece piece{.first_sparsity = x[line.begin], .last_sparsity = x[line.end - 1]};
    piece.first_accuracy = 1.0 - std::exp(line.intercept + line.slope * piece.first_sparsity);
    piece.last_accuracy = 1.0 - std::exp(line.intercept + line.slope * piece.last_sparsity);
    piece.fall = (piece.first_accuracy - piece.last_accuracy) /
                 (piece.last_sparsity - piece.first_sparsity) / skill;
    return piece;
  }
  [[nodiscard]] bool loses(const PruningPiece& piece) const {
    return loses(std::min(piece.first_accuracy, piece.last_accuracy));
  }
};

Fit fit_of(std::span<const AccuracyPoint> curve, const AccuracyScale& scale, double tolerance) {
  Fit fit{.curve = curve, .x = {}, .y = {}, .tolerance = tolerance};
  for (const AccuracyPoint& point : curve) {
    fit.x.push_back(point.sparsity);
    fit.y.push_back(std::log(std::max(1.0 - point.accuracy, scale.least_error)));
  }
  fit.skill = std::max(curve.front().accuracy - scale.chance, std::numeric_limits<double>::min());
  return fit;
}

std::vector<PruningPiece> pieces_of(const Fit& fit) {
  std::vector<PruningPiece> pieces;
  for (const LinePiece& line : piecewise_linear(fit.x, fit.y, kPhasePoints)) {
    pieces.push_back(fit.piece(line));
    if (line.begin > 0 || !fit.loses(pieces.back())) continue;
    // The end of the flat phase has too few points for its own change point.
    std::size_t within = 1;
    while (within < line.end && !fit.loses(fit.curve[within].accuracy)) ++within;
    if (within < 2 || within == line.end) continue;
    pieces.back() = fit.piece(fit.line(0, within));
    pieces.push_back(fit.piece(fit.line(within - 1, line.end)));
  }
  return pieces;
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
  PruningPhases phases;
  if (curve.empty()) return phases;
  const Fit fit = fit_of(curve, scale, tolerance);
  const double half = scale.chance + fit.skill / 2.0;
  auto phase = PruningPhase::flat;
  for (PruningPiece& piece : pieces_of(fit)) {
    const bool is_steep = piece.fall >= kCollapseFall || piece.first_accuracy < half;
    if (phase == PruningPhase::flat && fit.loses(piece)) phase = PruningPhase::decline;
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
