// Reads series from standard input, one per line: `LEAST N x1 .. xN y1 .. yN`. Writes the fitted
// pieces, one line per series, as `begin end slope intercept` for each piece.
#include <cstdio>
#include <iostream>
#include <vector>

#include "statistics/fits/piecewise.h"

int main() {
  std::size_t least = 0;
  std::size_t points = 0;
  while (std::cin >> least >> points) {
    std::vector<double> x(points);
    std::vector<double> y(points);
    for (double& value : x) std::cin >> value;
    for (double& value : y) std::cin >> value;
    for (const auto& piece : minima::piecewise_linear(x, y, least)) {
      std::printf("%zu %zu %.17g %.17g ", piece.begin, piece.end, piece.slope, piece.intercept);
    }
    std::printf("\n");
  }
}
