// Prints one measure per line of standard input, a name and its arguments, for comparison with
// other programs.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "measure/density.h"
#include "measure/permanova.h"
#include "measure/principal_components.h"
#include "measure/separation.h"
#include "measure/tensor_summary.h"
#include "measure/tsne.h"
#include "measure/wasserstein.h"

namespace {

using minima::measure::Points;
using Numbers = std::vector<double>;

std::vector<float> floats(const Numbers& x, std::size_t from, std::size_t count) {
  return {x.begin() + static_cast<std::ptrdiff_t>(from),
          x.begin() + static_cast<std::ptrdiff_t>(from + count)};
}

minima::measure::WeightedPoints weighted(const Numbers& x, std::size_t from, std::size_t count) {
  const auto begin = x.begin() + static_cast<std::ptrdiff_t>(from);
  const auto middle = begin + static_cast<std::ptrdiff_t>(count);
  return {{begin, middle}, {middle, middle + static_cast<std::ptrdiff_t>(count)}};
}

// columns, values
Numbers statistics(const Numbers& x) {
  const auto columns = static_cast<std::size_t>(x[0]);
  const auto s = minima::measure::statistics_of(floats(x, 1, x.size() - 1), columns);
  return {s.mean, s.sd, s.skewness, s.kurtosis, s.near_zero, s.l1, s.l2, s.max, s.stable_rank};
}

// number of points, points, their weights, positions to evaluate
Numbers density(const Numbers& x) {
  const auto n = static_cast<std::size_t>(x[0]);
  const auto points = weighted(x, 1, n);
  const Numbers at(x.begin() + static_cast<std::ptrdiff_t>(1 + 2 * n), x.end());
  return density_of(points, scott_bandwidth(points), at);
}

// points, labels if any, dimensions, values
struct Cloud {
  Points points;
  std::vector<float> distances;  // not squared
  std::vector<float> squares;
};

Cloud cloud_of(const Numbers& x, std::size_t from) {
  Cloud cloud;
  cloud.points.count = static_cast<std::size_t>(x[from]);
  cloud.points.dimensions = static_cast<std::size_t>(x[from + 1]);
  cloud.points.values = floats(x, from + 2, cloud.points.count * cloud.points.dimensions);
  cloud.squares = squared_distances(cloud.points);
  for (const float square : cloud.squares) cloud.distances.push_back(std::sqrt(square));
  return cloud;
}

Numbers components(const Numbers& x) {
  const auto plane = principal_components(cloud_of(x, 0).points);
  Numbers result{plane.explained[0], plane.explained[1]};
  for (const auto& score : plane.scores) result.insert(result.end(), score.begin(), score.end());
  return result;
}

// perplexity, points; divergence, trustworthiness, places
Numbers tsne(const Numbers& x) {
  const Cloud cloud = cloud_of(x, 1);
  const auto start = principal_components(cloud.points).scores;
  const auto layout = minima::measure::tsne(cloud.squares, start, {.perplexity = x[0]});
  Numbers result{layout.divergence, minima::measure::trustworthiness(cloud.squares, layout.places)};
  for (const auto& place : layout.places) result.insert(result.end(), place.begin(), place.end());
  return result;
}

// points, then labels
Numbers silhouette_of(const Numbers& x) {
  const Cloud cloud = cloud_of(x, 0);
  const std::vector<int> labels(x.end() - static_cast<std::ptrdiff_t>(cloud.points.count), x.end());
  return {minima::measure::silhouette(cloud.distances, labels).value_or(-2.0)};
}

// points, then labels, then strata
Numbers permanova_of(const Numbers& x) {
  const Cloud cloud = cloud_of(x, 0);
  const auto n = static_cast<std::ptrdiff_t>(cloud.points.count);
  const std::vector<int> labels(x.end() - 2 * n, x.end() - n);
  const std::vector<int> strata(x.end() - n, x.end());
  const auto found = minima::measure::permanova(cloud.squares, labels, strata, 4999,
                                                {1, 0, minima::Purpose::weight_statistics})
                         .value();
  return {found.pseudo_f, found.r_squared, found.p_above, found.expected};
}

// points, then labels
Numbers from_centroid(const Numbers& x) {
  const Cloud cloud = cloud_of(x, 0);
  const std::vector<int> labels(x.end() - static_cast<std::ptrdiff_t>(cloud.points.count), x.end());
  return minima::measure::distances_from_centroid(cloud.squares, labels);
}

Numbers answer(const std::string& name, const Numbers& x) {
  if (name == "statistics") return statistics(x);
  if (name == "density") return density(x);
  if (name == "components") return components(x);
  if (name == "tsne") return tsne(x);
  if (name == "silhouette") return silhouette_of(x);
  if (name == "permanova") return permanova_of(x);
  if (name == "centroid") return from_centroid(x);
  if (name == "wasserstein") {  // sizes, points and weights of both
    const auto n = static_cast<std::size_t>(x[0]);
    const auto m = static_cast<std::size_t>(x[1]);
    return {minima::measure::wasserstein_distance(weighted(x, 2, n), weighted(x, 2 + 2 * n, m))};
  }
  if (name == "quantiles") {
    const auto q = minima::measure::quantile_function(floats(x, 0, x.size()), 64);
    return {q.begin(), q.end()};
  }
  return {};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    Numbers arguments;
    for (double value = 0.0; words >> value;) arguments.push_back(value);
    for (const double value : answer(name, arguments)) std::printf("%.17g ", value);
    std::printf("\n");
  }
}
