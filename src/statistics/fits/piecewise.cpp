#include "statistics/fits/piecewise.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace minima {
namespace {

constexpr double kLeastResidual = 1e-6;
constexpr double kNever = std::numeric_limits<double>::infinity();

// An incremental least-squares line (Welford's updates).
class LineFit {
 public:
  void add(double x, double y) {
    ++count_;
    const double dx = x - mean_x_;
    const double dy = y - mean_y_;
    mean_x_ += dx / count_;
    mean_y_ += dy / count_;
    xx_ += dx * (x - mean_x_);
    xy_ += dx * (y - mean_y_);
    yy_ += dy * (y - mean_y_);
  }
  [[nodiscard]] double slope() const { return xx_ > 0.0 ? xy_ / xx_ : 0.0; }
  [[nodiscard]] double intercept() const { return mean_y_ - slope() * mean_x_; }
  [[nodiscard]] double squares() const { return std::max(0.0, yy_ - slope() * xy_); }

 private:
  double count_ = 0.0;
  double mean_x_ = 0.0;
  double mean_y_ = 0.0;
  double xx_ = 0.0;
  double xy_ = 0.0;
  double yy_ = 0.0;
};

// The best fits of all prefixes: squares[k][end] with k + 1 pieces, begins[k][end] the start of the
// last piece.
struct Table {
  std::vector<std::vector<double>> squares;
  std::vector<std::vector<std::size_t>> begins;
};

Table table_of(std::span<const double> x, std::span<const double> y, std::size_t least,
               std::size_t most) {
  const std::size_t n = x.size();
  Table table{.squares = {most, std::vector<double>(n + 1, kNever)},
              .begins = {most, std::vector<std::size_t>(n + 1, 0)}};
  for (std::size_t begin = 0; begin < n; ++begin) {
    LineFit fit;
    for (std::size_t end = begin + 1; end <= n; ++end) {
      fit.add(x[end - 1], y[end - 1]);
      if (end - begin < least) continue;
      if (begin == 0) table.squares[0][end] = fit.squares();
      // Every fit of the first `begin` points is final, because its last piece begins earlier.
      for (std::size_t k = 1; k < most; ++k) {
        const double squares = table.squares[k - 1][begin] + fit.squares();
        if (squares >= table.squares[k][end]) continue;
        table.squares[k][end] = squares;
        table.begins[k][end] = begin;
      }
    }
  }
  return table;
}

std::size_t best_pieces(const Table& table, std::size_t n) {
  const double points = static_cast<double>(n);
  std::size_t best = 1;
  double least = kNever;
  for (std::size_t k = 0; k < table.squares.size(); ++k) {
    const double mean_square = table.squares[k][n] / points;
    const double criterion =
        points * std::log(std::max(mean_square, kLeastResidual * kLeastResidual)) +
        static_cast<double>(k) * piece_penalty(n);
    if (criterion >= least) continue;
    least = criterion;
    best = k + 1;
  }
  return best;
}

}  // namespace

double piece_penalty(std::size_t points) {
  const auto n = static_cast<double>(points);
  return points <= 2 ? kNever : std::max(3.0 * std::log(n), 12.5 * n / (n - 2.0));
}

std::vector<LinePiece> piecewise_linear(std::span<const double> x, std::span<const double> y,
                                        std::size_t least_points) {
  const std::size_t n = x.size();
  if (n < 2) return {};
  const std::size_t least = std::min(std::max<std::size_t>(least_points, 2), n);
  const Table table = table_of(x, y, least, std::min(n / least, kMostPieces));
  std::vector<LinePiece> pieces;
  std::size_t end = n;
  for (std::size_t k = best_pieces(table, n); k-- > 0;) {
    const std::size_t begin = table.begins[k][end];
    LineFit fit;
    for (std::size_t i = begin; i < end; ++i) fit.add(x[i], y[i]);
    pieces.push_back(
        {.begin = begin, .end = end, .slope = fit.slope(), .intercept = fit.intercept()});
    end = begin;
  }
  std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

}  // namespace minima
