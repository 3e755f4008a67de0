#include "compress/prune/structured_pruning.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

namespace minima::compress {
namespace {

using network::UnitGroup;

struct Candidate {
  double score;
  std::size_t group;
  std::size_t unit;
};

using Kept = std::vector<std::vector<std::size_t>>;

/// Removes the fraction with the lowest scores, but never the last unit of a layer.
void remove_lowest(std::vector<Candidate> candidates, double share, Kept& kept) {
  std::ranges::sort(candidates, {},
                    [](const Candidate& c) { return std::tuple(c.score, c.group, c.unit); });
  auto left =
      static_cast<std::size_t>(std::nearbyint(share * static_cast<double>(candidates.size())));
  for (const Candidate& candidate : candidates) {
    if (left == 0) return;
    std::vector<std::size_t>& units = kept[candidate.group];
    if (units.size() == 1) continue;
    std::erase(units, candidate.unit);
    --left;
  }
}

Kept kept_units(std::span<const UnitGroup> groups, std::span<const std::vector<double>> scores,
                const StructuredTarget& target, bool global) {
  Kept kept(groups.size());
  std::vector<Candidate> all;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<Candidate> candidates;
    for (std::size_t u = 0; u < groups[g].units; ++u) {
      kept[g].push_back(u);
      candidates.push_back({scores[g][u], g, u});
    }
    if (global) {
      all.insert(all.end(), candidates.begin(), candidates.end());
    } else {
      remove_lowest(std::move(candidates), groups[g].heads ? target.heads : target.units, kept);
    }
  }
  if (global) remove_lowest(std::move(all), target.units, kept);
  return kept;
}

void check_share(double share) {
  if (!(share >= 0.0 && share <= 1.0)) {
    throw std::invalid_argument("a share of units is not between 0 and 1");
  }
}

}  // namespace

std::vector<std::vector<double>> unit_scores(const network::Graph& graph,
                                             std::span<const float> parameters,
                                             std::span<const std::uint8_t> mask) {
  check_sizes(graph, parameters.size(), mask);
  std::vector<std::vector<double>> scores;
  for (const UnitGroup& group : network::unit_groups(graph)) {
    scores.emplace_back(group.units, 0.0);
    for (const std::size_t index : group.incoming) {
      const network::Tensor& tensor = graph.tensors[index];
      if (tensor.role == network::Role::bias) continue;
      for (std::size_t unit = 0; unit < group.units; ++unit) {
        network::over_rows(tensor, unit, group.units, [&](std::size_t i) {
          if (std::isnan(parameters[i])) {
            throw std::invalid_argument("a weight of " + tensor.spec.name + " is NaN");
          }
          if (mask.empty() || mask[i] != 0) scores.back()[unit] += std::abs(parameters[i]);
        });
      }
    }
  }
  return scores;
}

StructuredPruning prune_units(const network::Architecture& architecture, const Problem& problem,
                              std::span<const float> parameters, std::span<const std::uint8_t> mask,
                              const StructuredTarget& target) {
  check_share(target.units);
  check_share(target.heads);
  const network::UnitCounts freedom = network::unit_counts(architecture);
  if (freedom == network::UnitCounts::fixed) {
    return {.refusal = "the sizes of the paper's transformer are fixed"};
  }
  const network::Graph graph = network::graph_of(architecture, problem);
  const std::vector<UnitGroup> groups = network::unit_groups(graph);
  const auto scores = unit_scores(graph, parameters, mask);
  if (groups.empty()) return {.refusal = "the network has no hidden layers"};
  const bool global =
      target.scope == UnitScope::global && freedom == network::UnitCounts::per_layer;
  return {.network = without_other_units(architecture, problem, parameters, mask,
                                         kept_units(groups, scores, target, global))};
}

}  // namespace minima::compress
