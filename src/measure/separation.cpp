#include "measure/separation.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/numbers/tolerance.h"
#include "statistics/permutation_test.h"

namespace minima::measure {
namespace {

double silhouette_of(std::span<const float> distances, std::span<const int> labels,
                     const std::map<int, std::size_t>& sizes, std::size_t point) {
  if (sizes.at(labels[point]) == 1) return 0.0;
  std::map<int, double> sums;
  for (std::size_t j = 0; j < labels.size(); ++j) sums[labels[j]] += distances[j];
  double nearest = std::numeric_limits<double>::infinity();
  for (const auto& [label, size] : sizes) {
    if (label == labels[point]) continue;
    nearest = std::min(nearest, sums[label] / static_cast<double>(size));
  }
  const double own = sums[labels[point]] / static_cast<double>(sizes.at(labels[point]) - 1);
  const double larger = std::max(own, nearest);
  return larger > 0.0 ? (nearest - own) / larger : 0.0;
}

// The points of each stratum that has at least two labels.
std::vector<std::vector<std::size_t>> mixed_strata(std::span<const int> labels,
                                                   std::span<const int> strata) {
  std::map<int, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < strata.size(); ++i) members[strata[i]].push_back(i);
  std::vector<std::vector<std::size_t>> mixed;
  for (auto& [stratum, points] : members) {
    const auto differs = [&, &points = points](std::size_t i) {
      return labels[i] != labels[points.front()];
    };
    if (std::ranges::any_of(points, differs)) mixed.push_back(std::move(points));
  }
  return mixed;
}

}  // namespace

std::optional<double> silhouette(std::span<const float> distances, std::span<const int> labels) {
  std::map<int, std::size_t> sizes;
  for (const int label : labels) ++sizes[label];
  const std::size_t n = labels.size();
  if (sizes.size() < 2 || sizes.size() >= n) return std::nullopt;
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += silhouette_of(distances.subspan(i * n, n), labels, sizes, i);
  }
  return sum / static_cast<double>(n);
}

Neighbours nearest_neighbours(std::span<const float> distances, std::size_t points) {
  Neighbours neighbours(points);
  for (std::size_t i = 0; i < points; ++i) {
    float nearest = std::numeric_limits<float>::infinity();
    for (std::size_t j = 0; j < points; ++j) {
      const float distance = distances[i * points + j];
      if (j == i || distance > nearest) continue;
      if (distance < nearest) neighbours[i].clear();
      nearest = distance;
      neighbours[i].push_back(j);
    }
  }
  return neighbours;
}

double label_agreement(const Neighbours& neighbours, std::span<const int> labels) {
  double sum = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (neighbours[i].empty()) continue;
    const auto same =
        std::ranges::count_if(neighbours[i], [&](std::size_t j) { return labels[j] == labels[i]; });
    sum += static_cast<double>(same) / static_cast<double>(neighbours[i].size());
  }
  return labels.empty() ? 0.0 : sum / static_cast<double>(labels.size());
}

std::optional<Agreement> agreement_of(const Neighbours& neighbours, std::span<const int> labels,
                                      std::span<const int> strata, int permutations,
                                      RandomStream random) {
  const auto mixed = mixed_strata(labels, strata);
  if (mixed.empty()) return std::nullopt;
  Agreement agreement{.observed = label_agreement(neighbours, labels)};
  std::vector<int> shuffled(labels.begin(), labels.end());
  PermutationTest above(permutations, labels.size());
  PermutationTest below(permutations, labels.size());
  double sum = 0.0;
  while (above.goes_on() || below.goes_on()) {
    for (const auto& points : mixed) {
      for (std::size_t k = points.size(); k > 1; --k) {
        std::swap(shuffled[points[k - 1]], shuffled[points[random.below(k)]]);
      }
    }
    const double share = label_agreement(neighbours, shuffled);
    sum += share;
    above.add(share >= agreement.observed - kRounding);
    below.add(share <= agreement.observed + kRounding);
  }
  agreement.expected = sum / above.made();
  agreement.p_above = above.p();
  agreement.p_below = below.p();
  return agreement;
}

}  // namespace minima::measure
