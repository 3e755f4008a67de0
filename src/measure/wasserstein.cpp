#include "measure/wasserstein.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace minima::measure {

double wasserstein_distance(const WeightedPoints& a, const WeightedPoints& b) {
  const double a_total = std::accumulate(a.weight.begin(), a.weight.end(), 0.0);
  const double b_total = std::accumulate(b.weight.begin(), b.weight.end(), 0.0);
  std::size_t i = 0;
  std::size_t j = 0;
  double a_below = 0.0;
  double b_below = 0.0;
  double last = std::min(a.x.front(), b.x.front());
  double sum = 0.0;
  while (i < a.x.size() || j < b.x.size()) {
    const bool from_a = j == b.x.size() || (i < a.x.size() && a.x[i] <= b.x[j]);
    const double x = from_a ? a.x[i] : b.x[j];
    sum += std::abs(a_below / a_total - b_below / b_total) * (x - last);
    last = x;
    if (from_a) {
      a_below += a.weight[i++];
    } else {
      b_below += b.weight[j++];
    }
  }
  return sum;
}

double wasserstein_distance(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size() || a.empty()) throw std::invalid_argument("samples of different size");
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(static_cast<double>(a[i]) - b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace minima::measure
