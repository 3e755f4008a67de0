#include "analysis/projected_layer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/weights.h"
#include "measure/distances.h"
#include "measure/separation.h"
#include "measure/tsne.h"

namespace minima::analysis {
namespace {

RandomStream stream(const study::AnalysisSettings& settings, const std::string& what) {
  return {settings.seed, subject_of("projection|" + what), Purpose::weight_statistics};
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
    if (everywhere && layer.architecture) continue;  // all are of one architecture
    Separation row{.space = space, .scope = everywhere ? "population" : "equal_architecture"};
    row.points = static_cast<std::int64_t>(labels.points.size());
    const auto agreement = measure::agreement_of(
        neighbours, labels.groups, everywhere ? one_stratum : labels.architectures,
        settings.permutations,
        stream(settings,
               layer.features + layer.architecture.value_or("") + layer.role + space + row.scope));
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

}  // namespace

void project(LayerProjection& layer, const std::vector<const WeightRun*>& runs,
             const std::vector<float>& squares, const measure::Plane& plane,
             const study::AnalysisSettings& settings) {
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
  add_separations(layer, layer.features, squares, labels, settings);
  add_separations(layer, "pca", squares_in_plane(plane.scores), labels, settings);
  add_separations(layer, "tsne", squares_in_plane(layout.places), labels, settings);
}

}  // namespace minima::analysis
