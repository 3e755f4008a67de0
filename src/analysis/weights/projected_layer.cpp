#include "analysis/weights/projected_layer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "measure/distances.h"
#include "measure/separation.h"
#include "measure/tsne.h"

namespace minima::analysis {
namespace {

RandomStream stream(const study::AnalysisSettings& settings, const std::string& what) {
  return {settings.seed, subject_of("projection|" + what), Purpose::weight_statistics};
}

// The key of a layer's random numbers.
std::string subject_of_layer(const LayerProjection& layer) {
  return to_string(layer.features) + layer.architecture.value_or("") + to_string(layer.role);
}

// The labels of the points in one of the compared groups.
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

// Agreement of neighbours, with labels permuted among all runs or within architectures.
std::optional<measure::Agreement> agreement_in(const std::vector<float>& distances,
                                               const Labels& labels, bool among_equals,
                                               const std::string& subject,
                                               const study::AnalysisSettings& settings) {
  const auto neighbours = measure::nearest_neighbours(distances, labels.points.size());
  const std::vector<int> one_stratum(labels.groups.size(), 0);
  return measure::agreement_of(neighbours, labels.groups,
                               among_equals ? labels.architectures : one_stratum,
                               settings.permutations, stream(settings, subject));
}

void add_separations(LayerProjection& layer, WeightSpace space, const std::vector<float>& squares,
                     const std::vector<float>& start_squares, const Labels& labels,
                     const study::AnalysisSettings& settings) {
  const std::size_t count = layer.runs.size();
  const std::vector<float> distances = distances_between(squares, count, labels.points);
  for (const bool among_equals : {false, true}) {
    if (!among_equals && layer.architecture) continue;  // all have one architecture
    Separation row{
        .space = space,
        .scope = among_equals ? WeightScope::equal_architecture : WeightScope::population};
    row.points = static_cast<std::int64_t>(labels.points.size());
    const std::string subject = subject_of_layer(layer) + to_string(space) + to_string(row.scope);
    const auto agreement = agreement_in(distances, labels, among_equals, subject, settings);
    if (!agreement) continue;
    row.silhouette = measure::silhouette(distances, labels.groups);
    row.agreement = agreement->observed;
    row.expected = agreement->expected;
    if (among_equals) row.p = agreement->p_above;
    if (!start_squares.empty()) {
      const auto at_start = distances_between(start_squares, count, labels.points);
      row.start_agreement = measure::label_agreement(
          measure::nearest_neighbours(at_start, labels.points.size()), labels.groups);
    }
    layer.separations.push_back(row);
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

void project(LayerProjection& layer, const LayerPoints& points,
             const study::AnalysisSettings& settings, std::size_t jobs) {
  const auto& [runs, squares, start_squares, plane] = points;
  layer.explained = plane.explained;
  layer.perplexity = measure::perplexity_for(runs.size(), settings.perplexity);
  const measure::Layout layout =
      measure::tsne(squares, plane.scores, {.perplexity = layer.perplexity, .jobs = jobs});
  layer.divergence = layout.divergence;
  layer.trustworthiness = measure::trustworthiness(squares, layout.places);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    layer.runs.push_back({runs[i], plane.scores[i], layout.places[i]});
  }
  const Labels labels = labels_of(runs);
  add_separations(layer, layer.features, squares, start_squares, labels, settings);
  add_separations(layer, WeightSpace::pca, squares_in_plane(plane.scores), {}, labels, settings);
  add_separations(layer, WeightSpace::tsne, squares_in_plane(layout.places), {}, labels, settings);
  layer.contrast = group_contrast(runs, squares, subject_of_layer(layer), settings);
}

}  // namespace minima::analysis
