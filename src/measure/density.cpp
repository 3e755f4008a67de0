#include "measure/density.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace minima::measure {
namespace {

constexpr double kReach = 8.0;  // in bandwidths; beyond it a kernel is below 1e-14

double total_of(const WeightedPoints& points) {
  return std::accumulate(points.weight.begin(), points.weight.end(), 0.0);
}

double sample_sd(const WeightedPoints& points, double total) {
  const double mean =
      std::inner_product(points.x.begin(), points.x.end(), points.weight.begin(), 0.0) / total;
  double squares = 0.0;
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    squares += points.weight[i] * (points.x[i] - mean) * (points.x[i] - mean);
  }
  return std::sqrt(squares / (total - 1.0));
}

}  // namespace

double scott_bandwidth(const WeightedPoints& points) {
  if (points.x.size() < 2) return 0.0;
  const double total = total_of(points);
  return std::pow(total, -0.2) * sample_sd(points, total);
}

std::vector<double> density_of(const WeightedPoints& points, double bandwidth,
                               std::span<const double> at) {
  const double scale = 1.0 / (total_of(points) * bandwidth * std::sqrt(2.0 * std::numbers::pi));
  std::vector<double> density;
  density.reserve(at.size());
  for (const double place : at) {
    double sum = 0.0;
    const auto first = std::ranges::lower_bound(points.x, place - kReach * bandwidth);
    for (auto x = first; x != points.x.end() && *x <= place + kReach * bandwidth; ++x) {
      const double z = (place - *x) / bandwidth;
      sum += points.weight[static_cast<std::size_t>(x - points.x.begin())] * std::exp(-0.5 * z * z);
    }
    density.push_back(scale * sum);
  }
  return density;
}

double bandwidth_of(const record::BinnedCounts& counts) {
  const double scott = scott_bandwidth(points_of(counts));
  return scott == 0.0 ? 0.0 : std::max(scott, std::ldexp(1.0, counts.exponent));
}

}  // namespace minima::measure
