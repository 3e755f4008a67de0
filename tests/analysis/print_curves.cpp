// Prints error curves and dips of what stands on its standard input, one line for each line:
//   curve N P1 e1 v1 P2 e2 v2 ...   ->   a b c b_low b_high c_low c_high   (NaN: no limit)
//   dip N x1 x2 ...                 ->   dip
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/sizes/error_curve.h"
#include "statistics/tests/dip_test.h"

int main() {
  using namespace minima::analysis;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    std::size_t count = 0;
    words >> name >> count;
    std::vector<double> values;
    for (double value = 0.0; words >> value;) values.push_back(value);
    if (name == "dip") {
      std::ranges::sort(values);
      std::printf("%.17g\n", minima::dip_of(values));
      continue;
    }
    std::vector<CurvePoint> points;
    for (std::size_t i = 0; i < count; ++i) {
      points.push_back({values[3 * i], values[3 * i + 1], values[3 * i + 2], 1e6, 0.0});
    }
    const ErrorCurve curve = error_curve_of(points, {});
    const auto limit = [](const std::optional<double>& value) {
      return value.value_or(std::numeric_limits<double>::quiet_NaN());
    };
    std::printf("%.17g %.17g %.17g %.17g %.17g %.17g %.17g\n", curve.scale, curve.exponent.value,
                curve.floor.value, limit(curve.exponent.low), limit(curve.exponent.high),
                limit(curve.floor.low), limit(curve.floor.high));
  }
}
