#include "analysis/projection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "analysis/weights.h"
#include "measure/principal_components.h"
#include "measure/separation.h"
#include "measure/tsne.h"

namespace minima::analysis {
namespace {

constexpr const char* kAllRoles = "all";

RandomStream stream(const study::AnalysisSettings& settings, const std::string& what) {
  return {settings.seed, subject_of("projection|" + what), Purpose::weight_statistics};
}

// At most as many as the settings say, drawn, in the order of the plan.
std::vector<const WeightRun*> drawn(const WeightFamily& family,
                                    const std::vector<std::string>& roles,
                                    const study::AnalysisSettings& settings) {
  std::vector<const WeightRun*> runs;
  for (const WeightRun& run : family.runs) {
    const auto has = [&](const std::string& role) { return run.roles.contains(role); };
    if (std::ranges::all_of(roles, has)) runs.push_back(&run);
  }
  const auto most = static_cast<std::size_t>(settings.projection_points);
  if (runs.size() <= most) return runs;
  RandomStream random = stream(settings, family.dataset + "|" + family.family);
  random.shuffle(std::span<const WeightRun*>(runs));
  runs.resize(most);
  std::ranges::sort(runs);  // they lie in one array
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

// The labels of the points that have one of the groups that are told apart.
struct Labels {
  std::vector<std::size_t> points;
  std::vector<int> groups;
  std::vector<int> architectures;
};

Labels labels_of(const std::vector<const WeightRun*>& runs) {
  Labels labels;
  std::map<std::string, int> architectures;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& group = runs[i]->group;
    if (!group || group == AccuracyGroup::other) continue;
    labels.points.push_back(i);
    labels.groups.push_back(static_cast<int>(*group));
    labels.architectures.push_back(
        architectures
            .try_emplace(runs[i]->run->architecture, static_cast<int>(architectures.size()))
            .first->second);
  }
  return labels;
}

std::vector<float> distances_between(const std::vector<float>& squares, std::size_t count,
                                     const std::vector<std::size_t>& points) {
  std::vector<float> distances;
  distances.reserve(points.size() * points.size());
  for (const std::size_t i : points) {
    for (const std::size_t j : points) distances.push_back(std::sqrt(squares[i * count + j]));
  }
  return distances;
}

void add_separations(LayerProjection& layer, const std::string& space,
                     const std::vector<float>& squares, const Labels& labels,
                     const study::AnalysisSettings& settings) {
  const std::vector<float> distances = distances_between(squares, layer.runs.size(), labels.points);
  const auto neighbours = measure::nearest_neighbours(distances, labels.points.size());
  const std::vector<int> one_stratum(labels.groups.size(), 0);
  for (const bool everywhere : {true, false}) {
    Separation row{.space = space, .scope = everywhere ? "population" : "equal_architecture"};
    row.points = static_cast<std::int64_t>(labels.points.size());
    const auto agreement = measure::agreement_of(
        neighbours, labels.groups, everywhere ? one_stratum : labels.architectures,
        settings.bootstrap_samples, stream(settings, layer.role + space + row.scope));
    if (!agreement) continue;
    row.silhouette = measure::silhouette(distances, labels.groups);
    row.agreement = agreement->observed;
    row.expected = agreement->expected;
    row.p = agreement->p_above;
    row.p_below = agreement->p_below;
    const double significance = 1.0 - settings.confidence;
    if (row.points >= 2 * kFewestContrasted) {
      row.verdict = agreement->p_above <= significance   ? Verdict::supported
                    : agreement->p_below <= significance ? Verdict::contradicted
                                                         : Verdict::undecided;
    }
    layer.separations.push_back(std::move(row));
  }
}

template <typename Place>
std::vector<float> squares_in_plane(const std::vector<Place>& places) {
  measure::Points points{places.size(), 2, {}};
  for (const Place& place : places) {
    points.values.push_back(static_cast<float>(place[0]));
    points.values.push_back(static_cast<float>(place[1]));
  }
  return squared_distances(points);
}

LayerProjection layer_of(const WeightFamily& family, const std::string& name,
                         const std::vector<std::string>& roles,
                         const study::AnalysisSettings& settings) {
  LayerProjection layer{.role = name};
  const std::vector<const WeightRun*> runs = drawn(family, roles, settings);
  const measure::Points points = features_of(runs, roles);
  const std::vector<float> squares = squared_distances(points);
  const measure::Plane plane = principal_components(points);
  layer.explained = plane.explained;
  layer.perplexity = measure::perplexity_for(runs.size(), settings.perplexity);
  const measure::Layout layout =
      measure::tsne(squares, plane.scores, {.perplexity = layer.perplexity});
  layer.divergence = layout.divergence;
  layer.trustworthiness = measure::trustworthiness(squares, layout.places);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    layer.runs.push_back({runs[i], plane.scores[i], layout.places[i]});
  }
  const Labels labels = labels_of(runs);
  add_separations(layer, "quantiles", squares, labels, settings);
  add_separations(layer, "pca", squares_in_plane(plane.scores), labels, settings);
  add_separations(layer, "tsne", squares_in_plane(layout.places), labels, settings);
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

}  // namespace

Projection projection_of(const Population& population, WeightSummaries summaries,
                         const study::AnalysisSettings& settings) {
  Projection projection{.settings = settings, .runs = 0, .families = {}};
  projection.runs = std::ranges::count_if(population.runs, [](const store::RunRow& run) {
    return run.result.status != study::RunStatus::planned;
  });
  if (settings.projection_points == 0) return projection;
  for (WeightFamily& family : weight_families_of(population, std::move(summaries), settings)) {
    FamilyProjection& result = projection.families.emplace_back();
    result.runs = std::move(family);
    const std::vector<std::string> common = common_roles(result.runs);
    if (common.size() > 1) {
      result.layers.push_back(layer_of(result.runs, kAllRoles, common, settings));
    }
    for (const std::string& role : roles_of(result.runs)) {
      result.layers.push_back(layer_of(result.runs, role, {role}, settings));
    }
  }
  return projection;
}

}  // namespace minima::analysis
