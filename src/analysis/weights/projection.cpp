#include "analysis/weights/projection.h"

#include <algorithm>
#include <iterator>

#include "measure/distances.h"
#include "study/settings/kept.h"

namespace minima::analysis {
namespace {

// Runs whose quantile functions of these roles are held, both at the end and at the start.
std::vector<const WeightRun*> held_runs(const WeightFamily& family,
                                        const std::vector<LayerRole>& roles) {
  std::vector<const WeightRun*> runs;
  for (const WeightRun& run : family.runs) {
    const auto has = [&](LayerRole role) {
      const auto found = run.roles.find(role);
      return found != run.roles.end() && !found->second.relative_quantiles.empty();
    };
    if (run.held && std::ranges::all_of(roles, has)) runs.push_back(&run);
  }
  return runs;
}

template <typename QuantilesOf>
measure::Points features_of(const std::vector<const WeightRun*>& runs,
                            const std::vector<LayerRole>& roles, const QuantilesOf& quantiles_of) {
  measure::Points points{.count = runs.size()};
  for (const WeightRun* run : runs) {
    for (const LayerRole role : roles) {
      const std::vector<float>& quantiles = quantiles_of(run->roles.at(role));
      points.values.insert(points.values.end(), quantiles.begin(), quantiles.end());
    }
  }
  points.dimensions = points.count == 0 ? 0 : points.values.size() / points.count;
  return points;
}

measure::Points relative_features(const std::vector<const WeightRun*>& runs,
                                  const std::vector<LayerRole>& roles) {
  return features_of(runs, roles, [](const RoleWeights& weights) -> const std::vector<float>& {
    return weights.relative_quantiles;
  });
}

// Initial weights in absolute units: in units of their own sd, all runs would be alike.
measure::Points start_features(const std::vector<const WeightRun*>& runs,
                               const std::vector<LayerRole>& roles) {
  return features_of(runs, roles, [](const RoleWeights& weights) -> const std::vector<float>& {
    return weights.start->quantiles;
  });
}

LayerProjection layer_of(const WeightFamily& family, LayerRole name,
                         const std::vector<LayerRole>& roles,
                         const study::AnalysisSettings& settings, std::size_t jobs) {
  LayerProjection layer{.role = name};
  LayerPoints points{.runs = held_runs(family, roles)};
  const measure::Points features = relative_features(points.runs, roles);
  points.squares = squared_distances(features, jobs);
  points.start_squares = squared_distances(start_features(points.runs, roles), jobs);
  points.plane = principal_components(features);
  project(layer, points, settings, jobs);
  return layer;
}

// The roles that every run has.
std::vector<LayerRole> common_roles(const WeightFamily& family) {
  std::vector<LayerRole> roles = roles_of(family);
  std::erase_if(roles, [&](LayerRole role) {
    return !std::ranges::all_of(family.runs,
                                [&](const WeightRun& run) { return run.roles.contains(role); });
  });
  return roles;
}

std::vector<LayerProjection> layers_of(const WeightFamily& family,
                                       const study::AnalysisSettings& settings, std::size_t jobs) {
  std::vector<LayerProjection> layers;
  const std::vector<LayerRole> common = common_roles(family);
  if (common.size() > 1) layers.push_back(layer_of(family, LayerRole::all, common, settings, jobs));
  for (const LayerRole role : roles_of(family)) {
    layers.push_back(layer_of(family, role, {role}, settings, jobs));
  }
  return layers;
}

}  // namespace

std::optional<GroupContrast> weights_contrast(const WeightFamily& family,
                                              const study::AnalysisSettings& settings) {
  const std::vector<LayerRole> roles = common_roles(family);
  if (roles.empty()) return std::nullopt;
  const std::vector<const WeightRun*> runs = held_runs(family, roles);
  return group_contrast(runs, squared_distances(relative_features(runs, roles)),
                        family.dataset + "|" + word_text(family.family), settings);
}

Projection projection_of(const Population& population, const WeightFamilies& families,
                         const study::AnalysisSettings& settings, const KeptWeights& weights_in,
                         std::size_t jobs) {
  Projection projection{.settings = settings, .runs = recorded_runs(population), .families = {}};
  if (settings.projection_points == 0) return projection;
  const bool has_weights = weights_in && settings.raw_weights != study::RawWeights::none &&
                           population.study.keep_weights == study::KeepWeights::all;
  for (const auto& family : families) {
    FamilyProjection& result = projection.families.emplace_back();
    result.of = family;
    result.layers = layers_of(*family, settings, jobs);
    result.contrast = weights_contrast(*family, settings);
    if (!has_weights) continue;
    std::ranges::move(raw_projections(*family, weights_in, settings, jobs),
                      std::back_inserter(result.layers));
  }
  projection.similarities = similarities(families, settings);
  return projection;
}

}  // namespace minima::analysis
