#include "compress/structured_pruning.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

namespace minima::compress {
namespace {

struct Candidate {
  double score;
  std::size_t group;
  std::size_t unit;
};

using Kept = std::vector<std::vector<std::size_t>>;

/// Removes the share with the lowest scores, but the last unit of no layer.
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

std::vector<std::vector<double>> unit_scores(std::span<const study::LayerSpec> layers,
                                             std::span<const float> parameters,
                                             std::span<const std::uint8_t> mask) {
  const std::vector<TensorPlace> places = tensor_places(layers);
  check_sizes(places, parameters.size(), mask);
  std::vector<std::vector<double>> scores;
  for (const UnitGroup& group : unit_groups(layers, places)) {
    scores.emplace_back(group.units, 0.0);
    for (const std::size_t tensor : group.incoming) {
      if (places[tensor].spec.is_bias()) continue;
      for (std::size_t unit = 0; unit < group.units; ++unit) {
        over_rows(places[tensor], unit, group.units, [&](std::size_t i) {
          if (std::isnan(parameters[i])) {
            throw std::invalid_argument("a weight of " + places[tensor].spec.name + " is NaN");
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
  if (std::holds_alternative<network::PaperVit>(architecture.shape())) {
    return {.refusal = "the sizes of the paper's transformer are fixed"};
  }
  const std::vector<study::LayerSpec> layers = study::layers_of(architecture, problem);
  const std::vector<UnitGroup> groups = unit_groups(layers, tensor_places(layers));
  const auto scores = unit_scores(layers, parameters, mask);
  if (groups.empty()) return {.refusal = "the network has no hidden layers"};
  const bool global = target.scope == UnitScope::global &&
                      !std::holds_alternative<network::Vit>(architecture.shape());
  return {.network = without_other_units(architecture, problem, parameters, mask,
                                         kept_units(groups, scores, target, global))};
}

}  // namespace minima::compress
