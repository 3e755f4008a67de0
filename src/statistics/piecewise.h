// Straight lines fitted piece by piece, with as many pieces as the data ask for.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace minima {

/// y = intercept + slope x over the points begin .. end - 1.
struct LinePiece {
  std::size_t begin = 0;
  std::size_t end = 0;
  double slope = 0.0;
  double intercept = 0.0;
};

/// No fit has more pieces than this.
inline constexpr std::size_t kMostPieces = 6;

/// What a further piece must save in n ln(RSS / n), for n points:
///   max(3 ln n, 12.5 n / (n - 2))
/// The first is the BIC's for a change point, a slope and an intercept (Schwarz 1978). It is not
/// enough for short series, because the best of all change points is taken (of straight lines of 6
/// to 20 points with normal errors it breaks 41 to 21 %). The second is the 95 % quantile of what
/// a second piece saves on such lines, by simulation: at most about 5 % are broken.
[[nodiscard]] double piece_penalty(std::size_t points);

/// The least-squares lines, one per piece and not joined (a step of the learning rate makes a
/// jump), that minimise n ln(RSS / n) + pieces x piece_penalty(n); RSS is the sum of squared
/// residuals of all. Exact, by dynamic programming over the ends of the pieces (Bellman 1961).
/// Pieces have `least_points` points or more, from 2, while there is only one if there are fewer.
/// Residuals below 1e-6 count as that: exact lines are not broken by rounding. x increases; none
/// may be NaN. Empty for fewer than two points.
[[nodiscard]] std::vector<LinePiece> piecewise_linear(std::span<const double> x,
                                                      std::span<const double> y,
                                                      std::size_t least_points);

}  // namespace minima
