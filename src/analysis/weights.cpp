#include "analysis/weights.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "measure/density.h"
#include "measure/wasserstein.h"
#include "measure/weight_histogram.h"

namespace minima::analysis {
namespace {

using GroupRuns = std::vector<std::pair<AccuracyGroup, std::vector<const RoleWeights*>>>;

// The runs of each group that have the role.
GroupRuns by_group(const WeightFamily& family, const std::string& role) {
  GroupRuns groups;
  for (const AccuracyGroup group : kAccuracyGroups) {
    std::vector<const RoleWeights*> members;
    for (const WeightRun& run : family.runs) {
      const auto found = run.roles.find(role);
      if (run.group == group && found != run.roles.end()) members.push_back(&found->second);
    }
    if (!members.empty()) groups.emplace_back(group, std::move(members));
  }
  return groups;
}

study::BinnedCounts merged(const std::vector<const RoleWeights*>& runs) {
  measure::WeightHistogram histogram;
  for (const RoleWeights* run : runs) histogram.merge(run->histogram);
  return histogram.counts();
}

// Where all but a thousandth of the weights at either end lie.
std::pair<double, double> inner_range(const measure::WeightedPoints& points) {
  double total = 0.0;
  for (const double weight : points.weight) total += weight;
  const auto at = [&](double share) {
    double below = 0.0;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
      below += points.weight[i];
      if (below >= share * total) return points.x[i];
    }
    return points.x.back();
  };
  return {at(0.001), at(0.999)};
}

GroupDensity density_of_group(const std::string& role, AccuracyGroup group,
                              const std::vector<const RoleWeights*>& runs) {
  constexpr int kPlaces = 101;
  GroupDensity result{.role = role, .group = group};
  result.runs = static_cast<std::int64_t>(runs.size());
  const study::BinnedCounts counts = merged(runs);
  const measure::WeightedPoints points = measure::points_of(counts);
  for (const std::int64_t count : counts.counts) result.weights += count;
  result.bandwidth = measure::bandwidth_of(counts);
  if (result.bandwidth == 0.0) return result;
  const auto [low, high] = inner_range(points);
  const double begin = low - 3.0 * result.bandwidth;
  const double step = (high - low + 6.0 * result.bandwidth) / (kPlaces - 1);
  for (int i = 0; i < kPlaces; ++i) result.x.push_back(begin + i * step);
  result.density = measure::density_of(points, result.bandwidth, result.x);
  result.histogram.assign(kPlaces, 0.0);
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    const double cell = std::floor((points.x[i] - begin) / step + 0.5);
    if (cell < 0.0 || cell >= kPlaces) continue;
    result.histogram[static_cast<std::size_t>(cell)] +=
        points.weight[i] / (static_cast<double>(result.weights) * step);
  }
  return result;
}

GroupDistance distance_of(const std::vector<const RoleWeights*>& a,
                          const std::vector<const RoleWeights*>& b) {
  GroupDistance result;
  double sum = 0.0;
  const bool same = a == b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = same ? i + 1 : 0; j < b.size(); ++j) {
      sum += measure::wasserstein_distance(a[i]->quantiles, b[j]->quantiles);
      ++result.pairs;
    }
  }
  result.mean = result.pairs > 0 ? sum / static_cast<double>(result.pairs) : 0.0;
  result.merged = same ? 0.0
                       : measure::wasserstein_distance(measure::points_of(merged(a)),
                                                       measure::points_of(merged(b)));
  return result;
}

struct TensorPair {
  std::string tensor;
  std::string next;
  auto operator<=>(const TensorPair&) const = default;
};

// Pairs of consecutive matrices, each with the runs that have it.
std::vector<std::pair<TensorPair, std::vector<std::pair<const WeightRun*, std::size_t>>>>
consecutive_pairs(const WeightFamily& family) {
  std::vector<TensorPair> order;
  std::map<TensorPair, std::vector<std::pair<const WeightRun*, std::size_t>>> runs;
  for (const WeightRun& run : family.runs) {
    for (std::size_t i = 0; i + 1 < run.tensors.size(); ++i) {
      const TensorPair pair{run.tensors[i].end.name, run.tensors[i + 1].end.name};
      auto& members = runs[pair];
      if (members.empty()) order.push_back(pair);
      members.emplace_back(&run, i);
    }
  }
  std::vector<std::pair<TensorPair, std::vector<std::pair<const WeightRun*, std::size_t>>>> pairs;
  for (const TensorPair& pair : order) pairs.emplace_back(pair, std::move(runs[pair]));
  return pairs;
}

}  // namespace

std::vector<std::string> roles_of(const WeightFamily& family) {
  static const std::vector<std::string> kOrder{"first", "hidden", "attention", "mlp", "output"};
  std::vector<std::string> roles;
  for (const std::string& role : kOrder) {
    const auto has = [&](const WeightRun& run) { return run.roles.contains(role); };
    if (std::ranges::any_of(family.runs, has)) roles.push_back(role);
  }
  return roles;
}

std::vector<GroupDensity> group_densities(const WeightFamily& family) {
  std::vector<GroupDensity> densities;
  for (const std::string& role : roles_of(family)) {
    for (const auto& [group, runs] : by_group(family, role)) {
      densities.push_back(density_of_group(role, group, runs));
    }
  }
  return densities;
}

std::vector<GroupDistance> group_distances(const WeightFamily& family) {
  std::vector<GroupDistance> distances;
  for (const std::string& role : roles_of(family)) {
    const GroupRuns groups = by_group(family, role);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      for (std::size_t j = i; j < groups.size(); ++j) {
        GroupDistance distance = distance_of(groups[i].second, groups[j].second);
        if (distance.pairs == 0) continue;
        distance.role = role;
        distance.a = groups[i].first;
        distance.b = groups[j].first;
        distances.push_back(std::move(distance));
      }
    }
  }
  return distances;
}

std::vector<NodeCorrelation> node_correlations(const WeightFamily& family,
                                               const study::AnalysisSettings& settings) {
  std::vector<std::optional<AccuracyGroup>> groups{std::nullopt};
  groups.insert(groups.end(), kAccuracyGroups.begin(), kAccuracyGroups.end());
  std::vector<NodeCorrelation> correlations;
  for (const auto& [pair, runs] : consecutive_pairs(family)) {
    for (const std::string scope : {"population", "equal_architecture"}) {
      for (const auto& group : groups) {
        std::vector<Observation> observations;
        for (const auto& [run, i] : runs) {
          const double x = run->tensors[i].end.nodes.mean;
          const double y = run->tensors[i + 1].end.nodes.mean;
          if ((group && run->group != group) || !(x > 0.0) || !(y > 0.0)) continue;
          const bool all = scope == "population";
          observations.push_back({std::log(x), std::log(y), all ? "" : run->run->architecture});
        }
        const auto found = correlation(observations, settings.confidence);
        if (found) correlations.push_back({pair.tensor, pair.next, scope, group, *found});
      }
    }
  }
  return correlations;
}

Weights weights_of(const Population& population, WeightSummaries summaries,
                   const study::AnalysisSettings& settings) {
  Weights weights{.settings = settings, .runs = 0, .families = {}};
  weights.runs = std::ranges::count_if(population.runs, [](const store::RunRow& run) {
    return run.result.status != study::RunStatus::planned;
  });
  for (WeightFamily& family : weight_families_of(population, std::move(summaries), settings)) {
    FamilyWeights& result = weights.families.emplace_back();
    result.runs = std::move(family);
    result.densities = group_densities(result.runs);
    result.distances = group_distances(result.runs);
    result.correlations = node_correlations(result.runs, settings);
    result.findings = weight_findings(result.runs, result.correlations, settings);
  }
  return weights;
}

}  // namespace minima::analysis
