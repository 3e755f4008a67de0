// Figures of networks projected to the plane by their weights.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "analysis/weights/projection.h"
#include "record/analysis.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/weight_panels.h"

namespace minima::report {
namespace {

/// Points of a projection, whose axes have no meaning.
Json projected(const record::Table& table, bool has_several) {
  const auto axis = [](const char* field) {
    return channel(
        field, "quantitative", "",
        {{"scale", {{"nice", false}, {"padding", 10}, {"zero", false}}}, {"axis", nullptr}});
  };
  return points_by_accuracy(table, has_several, axis("x"), axis("y"), {});
}

/// Around panels without axes.
Json frame() {
  return {{"stroke", "currentColor"}, {"strokeOpacity", 0.25}};
}

/// `table`: as in add_projection().
void add_networks(const analysis::LayerProjection& layer, const std::string& dataset,
                  record::Table& table) {
  std::vector<double> accuracies;
  for (const analysis::ProjectedRun& point : layer.runs) {
    accuracies.push_back(point.run->run->result.test_accuracy);
  }
  const std::vector<std::string> fifths = fifths_of(accuracies);
  for (std::size_t i = 0; i < layer.runs.size(); ++i) {
    const analysis::ProjectedRun& point = layer.runs[i];
    table.rows.push_back({to_string(layer.role), dataset, point.run->run->id,
                          point.run->run->architecture, accuracies[i], fifths[i],
                          static_cast<double>(point.tsne[0]), static_cast<double>(point.tsne[1])});
  }
}

void add_projection(const SideBySide<analysis::FamilyProjection>& group, const FigureInput& input,
                    std::vector<Figure>& figures) {
  std::vector<analysis::LayerRole> roles = group.roles();
  roles.insert(roles.begin(), analysis::LayerRole::all);
  record::Table table{{"layer", "dataset", "run", "architecture", "accuracy", "fifth", "x", "y"},
                      {}};
  for (const analysis::LayerRole role : roles) {
    for (std::size_t i = 0; i < group.families.size(); ++i) {
      for (const analysis::LayerProjection& layer : group.families[i]->layers) {
        if (layer.role == role && !layer.architecture) {
          add_networks(layer, group.labels[i], table);
        }
      }
    }
  }
  if (table.rows.empty()) return;
  Figure figure = weight_figure(
      "projection", input, group, "Networks by the distribution of their weights",
      "Each point is a network; those with similar weight distributions (in units of the initial "
      "spread) are neighbours. Large distances and the axes have no meaning.");
  figure.spec = panels("networks", "layer", group, projected(table, group.has_several()));
  figure.spec["spec"]["view"] = frame();
  figure.data = {{"networks", std::move(table)}};
  figures.push_back(std::move(figure));
}

// For the architectures with the most runs, all layers together.
void add_raw_projections(const analysis::FamilyProjection& family, const FigureInput& input,
                         std::vector<Figure>& figures) {
  constexpr std::size_t kMostArchitecturePanels = 6;
  std::vector<const analysis::LayerProjection*> wholes;
  for (const analysis::LayerProjection& layer : family.layers) {
    if (layer.architecture && layer.role == analysis::LayerRole::all) wholes.push_back(&layer);
  }
  if (wholes.empty()) return;
  const std::size_t all = wholes.size();
  std::ranges::stable_sort(wholes, std::greater(),
                           [](const auto* layer) { return layer->runs.size(); });
  wholes.resize(std::min(all, kMostArchitecturePanels));
  record::Table table{{"architecture", "run", "accuracy", "x", "y"}, {}};
  for (const analysis::LayerProjection* layer : wholes) {
    for (const analysis::ProjectedRun& point : layer->runs) {
      const double accuracy = point.run->run->result.test_accuracy;
      table.rows.push_back({*layer->architecture, point.run->run->id, accuracy,
                            static_cast<double>(point.tsne[0]),
                            static_cast<double>(point.tsne[1])});
    }
  }
  Json spec = faceted("networks", "architecture", "", projected(table, false), 240, 230);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  spec["spec"]["view"] = frame();
  const bool sorted = wholes.front()->features == analysis::WeightSpace::sorted_weights;
  Figure figure = weight_figure(
      "projection-weights", input, SideBySide<analysis::FamilyProjection>{{&family}, {}},
      "Networks of one architecture, weight by weight",
      std::string("Each point is a network, next to those with similar weights. ") +
          (sorted ? "Hidden units are first sorted by strength: their order has no meaning."
                  : "Hidden units keep their trained order, although it has no meaning."));
  if (wholes.size() < all) {
    figure.note = fmt::format("Of {} architectures, the {} with the most networks are drawn.", all,
                              wholes.size());
  }
  figure.spec = std::move(spec);
  figure.data = {{"networks", std::move(table)}};
  figures.push_back(std::move(figure));
}

}  // namespace

void add_projection_figures(const FigureInput& input, std::vector<Figure>& figures) {
  if (input.projection == nullptr) return;
  for (const auto& group : side_by_side(input.projection->families, input)) {
    add_projection(group, input, figures);
  }
  for (const analysis::FamilyProjection& family : input.projection->families) {
    add_raw_projections(family, input, figures);
  }
}

}  // namespace minima::report
