#include "analysis/weights/weights.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "measure/density.h"
#include "measure/wasserstein.h"
#include "record/weight_summary.h"

namespace minima::analysis {
namespace {

using GroupRuns = std::vector<std::pair<AccuracyGroup, std::vector<const RoleWeights*>>>;

// Runs that have the role, by group.
GroupRuns by_group(const WeightFamily& family, LayerRole role) {
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

// The range of weights without the outermost thousandth at either end.
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

GroupDensity density_of_group(LayerRole role, AccuracyGroup group, record::WeightStage stage,
                              std::size_t runs, const record::BinnedCounts& counts) {
  constexpr int kPlaces = 101;
  GroupDensity result{.role = role, .group = group, .stage = stage};
  result.runs = static_cast<std::int64_t>(runs);
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

// Mean distances over pairs of different runs whose quantile functions are held.
struct MeanDistance {
  double end = 0.0;
  double start = 0.0;
  std::int64_t pairs = 0;
  std::int64_t pairs_at_start = 0;

  void add(const RoleWeights& a, const RoleWeights& b) {
    if (a.end.quantiles.empty() || b.end.quantiles.empty()) return;
    end += measure::wasserstein_distance(a.end.quantiles, b.end.quantiles);
    ++pairs;
    if (!a.start || !b.start) return;
    start += measure::wasserstein_distance(a.start->quantiles, b.start->quantiles);
    ++pairs_at_start;
  }
};

void add_distances_of_runs(const std::vector<const RoleWeights*>& a,
                           const std::vector<const RoleWeights*>& b, GroupDistance& result) {
  MeanDistance sums;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = a == b ? i + 1 : 0; j < b.size(); ++j) sums.add(*a[i], *b[j]);
  }
  result.pairs = sums.pairs;
  if (sums.pairs > 0) result.mean = sums.end / static_cast<double>(sums.pairs);
  if (sums.pairs_at_start > 0) {
    result.start_mean = sums.start / static_cast<double>(sums.pairs_at_start);
  }
}

struct TensorPair {
  std::string tensor;
  std::string next;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false positive of clang-tidy 14.
  auto operator<=>(const TensorPair&) const = default;
};

// Pairs of consecutive matrices, each with the runs that have it.
std::vector<std::pair<TensorPair, std::vector<std::pair<const WeightRun*, std::size_t>>>>
consecutive_pairs(const WeightFamily& family) {
  std::vector<TensorPair> order;
  std::map<TensorPair, std::vector<std::pair<const WeightRun*, std::size_t>>> runs;
  for (const WeightRun& run : family.runs) {
    for (std::size_t i = 0; i + 1 < run.tensors.size(); ++i) {
      const TensorPair pair{run.tensors[i].name, run.tensors[i + 1].name};
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

std::vector<GroupDensity> group_densities(const WeightFamily& family) {
  std::vector<GroupDensity> densities;
  for (const LayerRole role : roles_of(family)) {
    for (const auto& [group, runs] : by_group(family, role)) {
      for (const auto stage : {record::WeightStage::start, record::WeightStage::end}) {
        const auto& histograms =
            stage == record::WeightStage::end ? family.histograms : family.start_histograms;
        const auto found = histograms.find({role, group});
        if (found == histograms.end()) continue;
        densities.push_back(density_of_group(role, group, stage, runs.size(), found->second));
      }
    }
  }
  return densities;
}

std::vector<GroupDistance> group_distances(const WeightFamily& family) {
  std::vector<GroupDistance> distances;
  for (const LayerRole role : roles_of(family)) {
    const GroupRuns groups = by_group(family, role);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      for (std::size_t j = i; j < groups.size(); ++j) {
        GroupDistance distance{.role = role, .a = groups[i].first, .b = groups[j].first};
        add_distances_of_runs(groups[i].second, groups[j].second, distance);
        if (i != j) {
          distance.merged = measure::wasserstein_distance(
              measure::points_of(family.histograms.at({role, distance.a})),
              measure::points_of(family.histograms.at({role, distance.b})));
        }
        if (i != j || distance.mean) distances.push_back(distance);
      }
    }
  }
  return distances;
}

namespace {

// Log node strengths of a group's runs, if finite: at the end, at the start, and their change. Runs
// without a start have only the first.
struct StrengthPairs {
  std::vector<Observation> end;
  std::vector<Observation> start;
  std::vector<Observation> change;

  void add(const RunTensor& tensor, const RunTensor& next, const std::string& stratum) {
    if (!(tensor.node_strength > 0.0) || !(next.node_strength > 0.0)) return;
    const double x = std::log(tensor.node_strength);
    const double y = std::log(next.node_strength);
    end.push_back({x, y, stratum});
    if (!tensor.start || !next.start) return;
    if (!(tensor.start->node_strength > 0.0) || !(next.start->node_strength > 0.0)) return;
    const double x_start = std::log(tensor.start->node_strength);
    const double y_start = std::log(next.start->node_strength);
    start.push_back({x_start, y_start, stratum});
    change.push_back({x - x_start, y - y_start, stratum});
  }
};

std::optional<double> r_of(const std::vector<Observation>& observations, double confidence) {
  const auto found = correlation(observations, confidence);
  return found ? std::optional(found->r) : std::nullopt;
}

}  // namespace

std::vector<NodeCorrelation> node_correlations(const WeightFamily& family,
                                               const study::AnalysisSettings& settings) {
  std::vector<std::optional<AccuracyGroup>> groups{std::nullopt};
  groups.insert(groups.end(), kAccuracyGroups.begin(), kAccuracyGroups.end());
  std::vector<NodeCorrelation> correlations;
  for (const auto& [pair, runs] : consecutive_pairs(family)) {
    for (const WeightScope scope : {WeightScope::population, WeightScope::equal_architecture}) {
      for (const auto& group : groups) {
        StrengthPairs pairs;
        for (const auto& [run, i] : runs) {
          if (group && run->group != group) continue;
          pairs.add(run->tensors[i], run->tensors[i + 1],
                    scope == WeightScope::population ? "" : run->run->architecture);
        }
        const auto end = correlation(pairs.end, settings.confidence);
        if (!end) continue;
        correlations.push_back({pair.tensor, pair.next, scope, group, *end,
                                r_of(pairs.start, settings.confidence),
                                r_of(pairs.change, settings.confidence)});
      }
    }
  }
  return correlations;
}

Weights weights_of(const Population& population, const WeightFamilies& families,
                   const study::AnalysisSettings& settings) {
  Weights weights{.settings = settings, .runs = recorded_runs(population), .families = {}};
  for (const auto& family : families) {
    FamilyWeights& result = weights.families.emplace_back();
    result.of = family;
    result.densities = group_densities(*family);
    result.distances = group_distances(*family);
    result.correlations = node_correlations(*family, settings);
    result.findings = weight_findings(*family, settings);
  }
  return weights;
}

}  // namespace minima::analysis
