#include "analysis/projection.h"

#include <algorithm>
#include <iterator>

#include "measure/distances.h"

namespace minima::analysis {
namespace {

constexpr const char* kAllRoles = "all";

std::vector<const WeightRun*> held_runs(const WeightFamily& family,
                                        const std::vector<std::string>& roles) {
  std::vector<const WeightRun*> runs;
  for (const WeightRun& run : family.runs) {
    const auto has = [&](const std::string& role) { return run.roles.contains(role); };
    if (run.held && std::ranges::all_of(roles, has)) runs.push_back(&run);
  }
  return runs;
}

measure::Points features_of(const std::vector<const WeightRun*>& runs,
                            const std::vector<std::string>& roles) {
  measure::Points points{.count = runs.size()};
  for (const WeightRun* run : runs) {
    for (const std::string& role : roles) {
      const std::vector<float>& quantiles = run->roles.at(role).quantiles;
      points.values.insert(points.values.end(), quantiles.begin(), quantiles.end());
    }
  }
  points.dimensions = points.count == 0 ? 0 : points.values.size() / points.count;
  return points;
}

LayerProjection layer_of(const WeightFamily& family, const std::string& name,
                         const std::vector<std::string>& roles,
                         const study::AnalysisSettings& settings) {
  LayerProjection layer{.role = name};
  const std::vector<const WeightRun*> runs = held_runs(family, roles);
  const measure::Points points = features_of(runs, roles);
  project(layer, runs, squared_distances(points), principal_components(points), settings);
  return layer;
}

// The roles that every run has.
std::vector<std::string> common_roles(const WeightFamily& family) {
  std::vector<std::string> roles = roles_of(family);
  std::erase_if(roles, [&](const std::string& role) {
    return !std::ranges::all_of(family.runs,
                                [&](const WeightRun& run) { return run.roles.contains(role); });
  });
  return roles;
}

std::vector<LayerProjection> layers_of(const WeightFamily& family,
                                       const study::AnalysisSettings& settings) {
  std::vector<LayerProjection> layers;
  const std::vector<std::string> common = common_roles(family);
  if (common.size() > 1) layers.push_back(layer_of(family, kAllRoles, common, settings));
  for (const std::string& role : roles_of(family)) {
    layers.push_back(layer_of(family, role, {role}, settings));
  }
  return layers;
}

}  // namespace

Projection projection_of(const Population& population, const WeightFamilies& families,
                         const study::AnalysisSettings& settings, const KeptWeights& weights_in) {
  Projection projection{.settings = settings, .runs = recorded_runs(population), .families = {}};
  if (settings.projection_points == 0) return projection;
  const bool has_weights = weights_in && settings.raw_weights != study::RawWeights::none &&
                           population.study.keep_weights == study::KeepWeights::all;
  for (const auto& family : families) {
    FamilyProjection& result = projection.families.emplace_back();
    result.of = family;
    result.layers = layers_of(*family, settings);
    if (!has_weights) continue;
    std::ranges::move(raw_projections(*family, weights_in, settings),
                      std::back_inserter(result.layers));
  }
  return projection;
}

}  // namespace minima::analysis
