#include "analysis/weights/group_contrast.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "statistics/distributions.h"

namespace minima::analysis {
namespace {

// Labelled points: the runs of architectures with both groups and more than one run of either.
// Other architectures carry no information on location, and PERMANOVA leaves them out.
struct Labelled {
  std::vector<std::size_t> runs;
  std::vector<int> architectures;
  std::vector<int> successful;  // 1 or 0
  std::vector<int> cells;       // architecture and label
};

Labelled labelled(const std::vector<const WeightRun*>& runs) {
  std::map<std::string, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i]->successful() || runs[i]->suboptimal()) {
      members[runs[i]->run->architecture].push_back(i);
    }
  }
  Labelled result;
  int number = 0;
  for (const auto& [architecture, indices] : members) {
    const auto successful =
        std::ranges::count_if(indices, [&](std::size_t i) { return runs[i]->successful(); });
    if (successful == 0 || successful == std::ssize(indices) || indices.size() == 2) continue;
    for (const std::size_t i : indices) {
      const int label = runs[i]->successful() ? 1 : 0;
      result.runs.push_back(i);
      result.architectures.push_back(number);
      result.successful.push_back(label);
      result.cells.push_back(2 * number + label);
    }
    ++number;
  }
  return result;
}

// Squared distances between the points. Distances within an architecture are divided by its
// variance about the centroid, because narrow networks vary more and would outweigh the others.
std::vector<float> scaled_squares(std::span<const float> squares, std::size_t count,
                                  const Labelled& points) {
  std::map<int, std::pair<double, double>> sums;  // sum of squares, number of points
  for (std::size_t i = 0; i < points.runs.size(); ++i) {
    auto& [sum, size] = sums[points.architectures[i]];
    size += 1.0;
    for (std::size_t j = 0; j < i; ++j) {
      if (points.architectures[i] != points.architectures[j]) continue;
      sum += static_cast<double>(squares[points.runs[i] * count + points.runs[j]]);
    }
  }
  std::vector<float> scaled;
  scaled.reserve(points.runs.size() * points.runs.size());
  for (std::size_t i = 0; i < points.runs.size(); ++i) {
    const auto& [sum, size] = sums.at(points.architectures[i]);
    const double factor = sum > 0.0 ? size * (size - 1.0) / sum : 1.0;
    for (const std::size_t j : points.runs) {
      scaled.push_back(
          static_cast<float>(factor * static_cast<double>(squares[points.runs[i] * count + j])));
    }
  }
  return scaled;
}

// 1 / product of the binomial coefficients of the architectures. If both groups of an architecture
// are of equal size, exchanging them changes nothing, so its number of permutations is halved.
double least_p_of(const Labelled& points) {
  std::map<int, std::pair<double, double>> counts;  // runs, successful runs
  for (std::size_t i = 0; i < points.runs.size(); ++i) {
    counts[points.architectures[i]].first += 1.0;
    counts[points.architectures[i]].second += points.successful[i];
  }
  double logarithm = 0.0;
  for (const auto& [architecture, count] : counts) {
    const auto& [all, successful] = count;
    logarithm += log_factorial(all) - log_factorial(successful) - log_factorial(all - successful);
    if (all == 2.0 * successful) logarithm -= std::log(2.0);
  }
  return std::exp(-logarithm);
}

std::optional<PooledEffect> dispersion_of(const std::vector<const WeightRun*>& runs,
                                          const Labelled& points, std::span<const float> squares,
                                          const std::string& subject,
                                          const study::AnalysisSettings& settings) {
  const std::vector<double> distances = measure::distances_from_centroid(squares, points.cells);
  std::vector<ContrastedRun> contrasted;
  for (std::size_t i = 0; i < points.runs.size(); ++i) {
    if (std::isnan(distances[i])) continue;  // alone in its group
    contrasted.push_back(
        {distances[i], points.successful[i] == 1, runs[points.runs[i]]->run->architecture});
  }
  return pooled(mean_differences(contrasted), settings.confidence, settings.permutations,
                {settings.seed, subject_of("dispersion|" + subject), Purpose::weight_statistics});
}

}  // namespace

std::optional<GroupContrast> group_contrast(const std::vector<const WeightRun*>& runs,
                                            std::span<const float> all_squares,
                                            const std::string& subject,
                                            const study::AnalysisSettings& settings) {
  const Labelled points = labelled(runs);
  const std::vector<float> squares = scaled_squares(all_squares, runs.size(), points);
  const auto location = measure::permanova(
      squares, points.successful, points.architectures, settings.permutations,
      {settings.seed, subject_of("location|" + subject), Purpose::weight_statistics});
  if (!location) return std::nullopt;
  GroupContrast result{.architectures = points.architectures.back() + 1, .location = *location};
  for (const int successful : points.successful) {
    ++(successful == 1 ? result.successful : result.suboptimal);
  }
  result.least_p = least_p_of(points);
  result.dispersion = dispersion_of(runs, points, squares, subject, settings);
  return result;
}

}  // namespace minima::analysis
