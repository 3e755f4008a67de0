// Prints contrasts and correlations of what stands on its standard input, one line for each line.
// For comparison with other programs.
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/weights/architecture_contrast.h"
#include "statistics/tests/contrast.h"

namespace {

using namespace minima;

void print_delta(const std::vector<double>& x, std::size_t first) {
  const auto values = std::span(x);
  std::printf("%.17g\n", cliffs_delta(values.first(first), values.subspan(first)).value());
}

void print_correlation(const std::vector<double>& x, std::size_t first) {
  std::vector<Observation> pairs;
  for (std::size_t i = 0; i < first; ++i) pairs.push_back({x[i], x[first + i]});
  const auto found = correlation(pairs, 0.95).value();
  std::printf("%.17g %.17g %.17g\n", found.r, found.low, found.high);
}

// Effects, then their weights.
void print_pooled(const std::vector<double>& x, std::size_t first) {
  std::vector<analysis::ArchitectureEffect> effects;
  for (std::size_t i = 0; i < first; ++i) effects.push_back({"", x[i], x[first + i]});
  const auto found =
      analysis::pooled(effects, 0.95, 19'999, {1, 0, Purpose::weight_statistics}).value();
  std::printf("%.17g %.17g %.17g %.17g\n", found.effect, found.p, found.low.value_or(-1e9),
              found.high.value_or(1e9));
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    std::size_t first = 0;  // the number of values of one side, of x, or of effects
    words >> name >> first;
    std::vector<double> x;
    for (double value = 0.0; words >> value;) x.push_back(value);
    if (name == "delta") print_delta(x, first);
    if (name == "correlation") print_correlation(x, first);
    if (name == "pooled") print_pooled(x, first);
  }
}
