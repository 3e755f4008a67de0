// Prints contrasts and correlations of what stands on its standard input, one line for each line.
// For comparison with other programs.
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/contrast.h"

int main() {
  using namespace minima;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    std::size_t first = 0;  // so many values of one side, or of x
    words >> name >> first;
    std::vector<double> x;
    for (double value = 0.0; words >> value;) x.push_back(value);
    if (name == "contrast") {
      std::vector<analysis::ContrastedRun> runs;
      for (std::size_t i = 0; i < x.size(); ++i) runs.push_back({x[i], i < first});
      const auto found =
          analysis::contrast(runs, 0.95, 4999, {1, 0, Purpose::weight_statistics}).value();
      std::printf("%.17g %.17g %.17g %.17g\n", found.delta, found.p, found.low, found.high);
    } else {
      std::vector<analysis::Observation> pairs;
      for (std::size_t i = 0; i < first; ++i) pairs.push_back({x[i], x[first + i]});
      const auto found = analysis::correlation(pairs, 0.95).value();
      std::printf("%.17g %.17g %.17g\n", found.r, found.low, found.high);
    }
  }
}
