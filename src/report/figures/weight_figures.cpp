// What the weights of networks are like: spread, distribution, node strengths, projection.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "analysis/projection.h"
#include "analysis/weights.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyWeights;
using analysis::WeightRun;

constexpr const char* kSection = "Weights";
constexpr std::size_t kMostRuns = 400;  // of a figure

std::string id_of(const char* kind, const FigureInput& input, const std::string& dataset,
                  const std::string& family) {
  return fmt::format("{}-{}-{}", kind, dataset_id(input, dataset), family);
}

/// The runs that are drawn of a family, and the sentence that says so.
struct DrawnRuns {
  std::vector<const WeightRun*> runs;
  std::string note;
};

DrawnRuns drawn_runs(const FamilyWeights& family, const FigureInput& input) {
  const auto& runs = family.runs.runs;
  DrawnRuns drawn;
  for (const std::size_t i : sample(runs.size(), kMostRuns, input.convergence,
                                    "weights of " + family.runs.dataset + family.runs.family)) {
    drawn.runs.push_back(&runs[i]);
  }
  drawn.note = sample_note(drawn.runs.size(), runs.size(), "run", input.convergence);
  return drawn;
}

/// Points with one colour scale of accuracy and the run in the tooltip.
Json scatter(const AccuracyAxis& axis, const Json& x, const Json& y, std::vector<Hint> hints) {
  hints.insert(
      hints.begin(),
      {{"architecture", "architecture"}, {"run", "run"}, {"accuracy", "test accuracy", ".2%"}});
  return Json::array({{{"mark", {{"type", "point"}, {"filled", true}, {"size", 26}}},
                       {"encoding",
                        {{"x", x},
                         {"y", y},
                         {"color", axis.colour("error")},
                         {"opacity", {{"value", 0.75}}},
                         {"tooltip", tooltip(hints)}}}}});
}

Json number(const char* field, const char* title, bool log = false) {
  Json scale = {{"nice", false}, {"padding", 10}};
  scale[log ? "type" : "zero"] = log ? Json("log") : Json(false);
  return channel(field, "quantitative", title,
                 {{"scale", scale}, {"axis", {{"tickCount", 5}, {"format", "~g"}}}});
}

// ---- sigma over mu
// -------------------------------------------------------------------------------

void add_spread(const FamilyWeights& family, const FigureInput& input, const AccuracyAxis& axis,
                std::vector<Figure>& figures) {
  const DrawnRuns drawn = drawn_runs(family, input);
  store::Table table{{"layer", "tensor", "run", "architecture", "accuracy", "error", "mean", "sd"},
                     {}};
  for (const std::string& role : analysis::roles_of(family.runs)) {
    for (const WeightRun* run : drawn.runs) {
      for (const analysis::RunTensor& tensor : run->tensors) {
        if (tensor.role != role || !(tensor.end.statistics.sd > 0.0)) continue;
        const double accuracy = run->run->result.test_accuracy;
        table.rows.push_back({role, tensor.end.name, run->run->id, run->run->architecture, accuracy,
                              axis.error(accuracy), tensor.end.statistics.mean,
                              tensor.end.statistics.sd});
      }
    }
  }
  if (table.rows.empty()) return;
  const Json layers =
      scatter(axis, number("mean", "mean of the weights"), number("sd", "standard deviation", true),
              {{"tensor", "tensor"}, {"mean", "mean", ".4f"}, {"sd", "standard deviation", ".4f"}});
  figures.push_back(
      {.id = id_of("sigma-mu", input, family.runs.dataset, family.runs.family),
       .section = kSection,
       .title =
           fmt::format("Spread of the weights: {}, {}", family.runs.dataset, family.runs.family),
       .caption =
           "Each point is a matrix of a run after training, by what its layer is for. Low and "
           "alike where networks succeed, says arXiv 2408.11720." +
           drawn.note,
       .spec = faceted("matrices", "layer", "", layers, 220, 280),
       .data = {{"matrices", std::move(table)}}});
}

// ---- distributions
// -------------------------------------------------------------------------------

void add_densities(const FamilyWeights& family, const FigureInput& input,
                   std::vector<Figure>& figures) {
  store::Table table{{"layer", "group", "runs", "x", "density"}, {}};
  std::set<std::string> drawn;
  for (const analysis::GroupDensity& density : family.densities) {
    drawn.insert(to_string(density.group));
    for (std::size_t i = 0; i < density.x.size(); ++i) {
      table.rows.push_back(
          {density.role, to_string(density.group), density.runs, density.x[i], density.density[i]});
    }
  }
  if (table.rows.empty()) return;
  Json colour = nominal_colour("group", "accuracy group", {"high", "mid", "low", "non", "other"});
  colour["legend"]["values"] = drawn;
  const Json layers = Json::array(
      {{{"params", picked_by_legend("group")},
        {"mark", {{"type", "line"}, {"strokeWidth", 1.6}}},
        {"encoding",
         {{"x", number("x", "weight")},
          {"y", channel("density", "quantitative", "density", {{"axis", {{"tickCount", 4}}}})},
          {"color", colour},
          {"opacity", picked_opacity(0.95, 0.1)},
          {"tooltip",
           tooltip({{"group", "group"}, {"runs", "runs", ",d"}, {"x", "weight", ".3f"}})}}}}});
  Json spec = faceted("densities", "layer", "", layers, 200, 280);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  figures.push_back({.id = id_of("densities", input, family.runs.dataset, family.runs.family),
                     .section = kSection,
                     .title = fmt::format("Distribution of the weights: {}, {}",
                                          family.runs.dataset, family.runs.family),
                     .caption = "Gaussian kernel density of all weights of a group's runs, by what "
                                "the layer is for. A peak at zero is what arXiv 2408.11720 sees in "
                                "networks that succeed.",
                     .spec = std::move(spec),
                     .data = {{"densities", std::move(table)}}});
}

// ---- node strengths
// ------------------------------------------------------------------------------

void add_strengths(const FamilyWeights& family, const FigureInput& input, const AccuracyAxis& axis,
                   std::vector<Figure>& figures) {
  const DrawnRuns drawn = drawn_runs(family, input);
  store::Table table{{"layers", "run", "architecture", "accuracy", "error", "strength", "next"},
                     {}};
  for (const WeightRun* run : drawn.runs) {
    for (std::size_t i = 1; i < run->tensors.size(); ++i) {
      const auto& [from, to] = std::pair(run->tensors[i - 1].end, run->tensors[i].end);
      if (!(from.nodes.mean > 0.0) || !(to.nodes.mean > 0.0)) continue;
      const double accuracy = run->run->result.test_accuracy;
      table.rows.push_back({fmt::format("{} to {}", from.name, to.name), run->run->id,
                            run->run->architecture, accuracy, axis.error(accuracy), from.nodes.mean,
                            to.nodes.mean});
    }
  }
  if (table.rows.empty()) return;
  const Json layers =
      scatter(axis, number("strength", "mean node strength of a layer", true),
              number("next", "of the next", true),
              {{"strength", "strength", ".3f"}, {"next", "of the next layer", ".3f"}});
  Json spec = faceted("runs", "layers", "", layers, 220, 280);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  figures.push_back(
      {.id = id_of("strengths", input, family.runs.dataset, family.runs.family),
       .section = kSection,
       .title = fmt::format("Node strengths, layer against layer: {}, {}", family.runs.dataset,
                            family.runs.family),
       .caption = "The strength of a node is the sum of the magnitudes of the weights "
                  "that lead into it; each point is a run." +
                  drawn.note,
       .spec = std::move(spec),
       .data = {{"runs", std::move(table)}}});
}

// ---- projection
// ----------------------------------------------------------------------------------

void add_projection(const analysis::FamilyProjection& family, const FigureInput& input,
                    const AccuracyAxis& axis, std::vector<Figure>& figures) {
  store::Table table{{"layer", "run", "architecture", "accuracy", "error", "x", "y"}, {}};
  for (const analysis::LayerProjection& layer : family.layers) {
    for (const analysis::ProjectedRun& point : layer.runs) {
      const double accuracy = point.run->run->result.test_accuracy;
      table.rows.push_back({layer.role, point.run->run->id, point.run->run->architecture, accuracy,
                            axis.error(accuracy), static_cast<double>(point.tsne[0]),
                            static_cast<double>(point.tsne[1])});
    }
  }
  if (table.rows.empty()) return;
  Json spec = faceted("networks", "layer", "",
                      scatter(axis, number("x", "t-SNE"), number("y", ""), {}), 240, 280);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  figures.push_back({.id = id_of("projection", input, family.runs.dataset, family.runs.family),
                     .section = kSection,
                     .title = fmt::format("Networks by their weights: {}, {}", family.runs.dataset,
                                          family.runs.family),
                     .caption =
                         "Each point is a network; networks with like distributions of weights lie "
                         "together. Neighbours mean something, distances and axes do not.",
                     .spec = std::move(spec),
                     .data = {{"networks", std::move(table)}}});
}

}  // namespace

void add_weight_figures(const FigureInput& input, const AccuracyAxis& axis,
                        std::vector<Figure>& figures) {
  if (input.weights != nullptr) {
    for (const FamilyWeights& family : input.weights->families) {
      add_spread(family, input, axis, figures);
      add_densities(family, input, figures);
      add_strengths(family, input, axis, figures);
    }
  }
  if (input.projection == nullptr) return;
  for (const analysis::FamilyProjection& family : input.projection->families) {
    add_projection(family, input, axis, figures);
  }
}

}  // namespace minima::report
