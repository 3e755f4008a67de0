// Figures of weights: spread, distribution, node strengths, projection.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "analysis/weights/projection.h"
#include "analysis/weights/weights.h"
#include "record/analysis.h"
#include "record/weight_summary.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyWeights;
using analysis::WeightRun;

constexpr std::size_t kMostRunsOfFigure = 400;  // per figure

Figure weight_figure(const char* kind, const FigureInput& input,
                     const analysis::WeightFamily& family, const char* title, std::string caption) {
  Figure figure = figure_of(kind, input, family.dataset, word_text(family.family));
  figure.title = title;
  figure.caption = std::move(caption);
  return figure;
}

/// The runs of a family that are drawn, and a note on the sample.
struct DrawnRuns {
  std::vector<const WeightRun*> runs;
  std::string note;
};

DrawnRuns drawn_runs(const FamilyWeights& family, const FigureInput& input) {
  const auto& runs = family.of->runs;
  DrawnRuns drawn;
  for (const std::size_t i :
       sample(runs.size(), kMostRunsOfFigure, input.convergence,
              "weights of " + family.of->dataset + word_text(family.of->family))) {
    drawn.runs.push_back(&runs[i]);
  }
  drawn.note = sample_note(drawn.runs.size(), runs.size(), "run", input.convergence);
  return drawn;
}

/// Points coloured by the accuracies in `table`, with the run in the tooltip.
Json scatter(const record::Table& table, const Json& x, const Json& y, std::vector<Hint> hints) {
  hints.insert(
      hints.begin(),
      {{"architecture", "architecture"}, {"run", "run"}, {"accuracy", "test accuracy", ".2%"}});
  return Json::array({{{"mark", {{"type", "point"}, {"filled", true}, {"size", 26}}},
                       {"encoding",
                        {{"x", x},
                         {"y", y},
                         {"color", accuracy_colour(accuracies_in(table))},
                         {"opacity", {{"value", 0.75}}},
                         {"tooltip", tooltip(hints)}}}}});
}

/// The same points, with the same runs at the start in grey below them. The table needs a column
/// `stage`.
Json scatter_with_start(const record::Table& table, const Json& x, const Json& y,
                        std::vector<Hint> hints) {
  hints.push_back({"stage", "stage"});
  Json end = scatter(table, x, y, hints)[0];
  end["transform"] = Json::array({{{"filter", "datum.stage == 'end'"}}});
  Json start = end;
  start["transform"] = Json::array({{{"filter", "datum.stage == 'start'"}}});
  start["mark"] = {{"type", "point"}, {"filled", false}, {"size", 16}, {"strokeWidth", 0.8}};
  start["encoding"]["color"] = {{"value", "#999999"}};
  start["encoding"]["opacity"] = {{"value", 0.5}};
  return Json::array({start, end});
}

Json number(const char* field, const char* title, bool log = false) {
  Json scale = {{"nice", false}, {"padding", 10}};
  scale[log ? "type" : "zero"] = log ? Json("log") : Json(false);
  return channel(field, "quantitative", title,
                 {{"scale", scale}, {"axis", {{"tickCount", log ? 3 : 5}, {"format", "~r"}}}});
}

// ---- sigma over mu ---------------------------------------------------------------------------

void add_spread(const FamilyWeights& family, const FigureInput& input,
                std::vector<Figure>& figures) {
  const DrawnRuns drawn = drawn_runs(family, input);
  record::Table table{{"layer", "tensor", "run", "architecture", "accuracy", "stage", "mean", "sd"},
                      {}};
  for (const analysis::LayerRole role : analysis::roles_of(*family.of)) {
    for (const WeightRun* run : drawn.runs) {
      for (const analysis::RunTensor& tensor : run->tensors) {
        if (tensor.role != role || !(tensor.statistics.sd > 0.0)) continue;
        const double accuracy = run->run->result.test_accuracy;
        const auto add = [&](const char* stage, double mean, double sd) {
          table.rows.push_back({to_string(role), tensor.name, run->run->id, run->run->architecture,
                                accuracy, stage, mean, sd});
        };
        add("end", tensor.statistics.mean, tensor.statistics.sd);
        if (tensor.start && tensor.start->sd > 0.0) {
          add("start", tensor.start->mean, tensor.start->sd);
        }
      }
    }
  }
  if (table.rows.empty()) return;
  const Json layers = scatter_with_start(
      table, number("mean", "mean of the weights"), number("sd", "standard deviation", true),
      {{"tensor", "tensor"}, {"mean", "mean", ".4f"}, {"sd", "standard deviation", ".4f"}});
  Figure figure = weight_figure(
      "sigma-mu", input, *family.of, "Spread of the weights over their mean",
      "Coloured: a weight matrix of a run after training; grey: before. Paper L finds low and "
      "similar values in successful networks. What differs before training is not an effect of "
      "training.");
  figure.note = drawn.note;
  figure.spec = faceted("matrices", "layer", "", layers, 220, 230);
  figure.spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  figure.data = {{"matrices", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- distributions ---------------------------------------------------------------------------

/// One panel per layer role with one line per accuracy group. `encoding`: all but the opacity.
Json panels_of_groups(const char* table, Json mark, Json encoding, const Json& scales) {
  mark.update({{"type", "line"}, {"strokeWidth", 1.6}});
  encoding["opacity"] = picked_opacity(0.95, 0.1);
  const Json layers = Json::array({{{"params", picked_by_legend("group")},
                                    {"mark", std::move(mark)},
                                    {"encoding", std::move(encoding)}}});
  Json spec = faceted(table, "layer", "", layers, 200, 230);
  spec["resolve"]["scale"] = scales;
  return spec;
}

Json group_colour() {
  return nominal_colour("group", "accuracy group", {"high", "mid", "low", "non", "other"});
}

void add_densities(const FamilyWeights& family, const FigureInput& input,
                   std::vector<Figure>& figures) {
  record::Table table{{"layer", "group", "stage", "runs", "x", "density"}, {}};
  std::set<std::string> drawn;
  for (const analysis::GroupDensity& density : family.densities) {
    drawn.insert(to_string(density.group));
    const char* stage = density.stage == record::WeightStage::start ? "start" : "end";
    for (std::size_t i = 0; i < density.x.size(); ++i) {
      table.rows.push_back({to_string(density.role), to_string(density.group), stage, density.runs,
                            density.x[i], density.density[i]});
    }
  }
  if (table.rows.empty()) return;
  Json colour = group_colour();
  colour["legend"]["values"] = drawn;
  const Json encoding = {
      {"x", number("x", "weight")},
      {"y", channel("density", "quantitative", "density", {{"axis", {{"tickCount", 4}}}})},
      {"color", colour},
      {"strokeDash",
       {{"field", "stage"},
        {"type", "nominal"},
        {"title", "stage"},
        {"legend", {{"orient", "top"}}},
        {"scale", {{"domain", {"end", "start"}}, {"range", {{1, 0}, {3, 3}}}}}}},
      {"tooltip", tooltip({{"group", "group"},
                           {"stage", "stage"},
                           {"runs", "runs", ",d"},
                           {"x", "weight", ".3f"}})}};
  Figure figure = weight_figure(
      "densities", input, *family.of, "Distribution of the weights",
      "Kernel density of all weights of an accuracy group. Solid: after training; dashed: before. "
      "Paper L finds a peak at zero in successful networks; initial weights have one, too.");
  figure.spec = panels_of_groups("densities", Json::object(), encoding,
                                 {{"x", "independent"}, {"y", "independent"}});
  figure.data = {{"densities", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- on the way ------------------------------------------------------------------------------

// Only if epochs between the start and the end were recorded.
void add_courses(const FamilyWeights& family, const FigureInput& input,
                 std::vector<Figure>& figures) {
  record::Table table{{"layer", "group", "epoch", "runs", "sd", "node_strength"}, {}};
  bool has_way = false;
  for (const auto& [whose, course] : family.of->courses) {
    has_way = has_way || course.size() > 2;
    for (const auto& [epoch, point] : course) {
      table.rows.push_back({to_string(whose.first), to_string(whose.second), std::int64_t{epoch},
                            point.runs, point.sd, point.node_strength});
    }
  }
  if (!has_way) return;
  const Json encoding = {
      {"x", channel("epoch", "quantitative", "epochs completed", {{"axis", {{"tickMinStep", 1}}}})},
      {"y", number("sd", "mean standard deviation")},
      {"color", group_colour()},
      {"tooltip", tooltip({{"group", "group"},
                           {"epoch", "epochs completed"},
                           {"runs", "runs", ",d"},
                           {"sd", "standard deviation", ".4f"},
                           {"node_strength", "node strength", ".3f"}})}};
  Figure figure = weight_figure(
      "courses", input, *family.of, "Spread of the weights during training",
      "Standard deviation of the weights of a layer, from the initial weights on. Mean over the "
      "runs of an accuracy group.");
  figure.spec = panels_of_groups("courses", {{"point", true}}, encoding, {{"y", "independent"}});
  figure.data = {{"courses", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- node strengths --------------------------------------------------------------------------

/// Without ".weight": every matrix here is one.
std::string short_name(const std::string& tensor) {
  constexpr std::string_view kSuffix = ".weight";
  return tensor.ends_with(kSuffix) ? tensor.substr(0, tensor.size() - kSuffix.size()) : tensor;
}

void add_strengths(const FamilyWeights& family, const FigureInput& input,
                   std::vector<Figure>& figures) {
  const DrawnRuns drawn = drawn_runs(family, input);
  record::Table table{
      {"layers", "from", "to", "run", "architecture", "accuracy", "stage", "strength", "next"}, {}};
  for (const WeightRun* run : drawn.runs) {
    for (std::size_t i = 1; i < run->tensors.size(); ++i) {
      const analysis::RunTensor& from = run->tensors[i - 1];
      const analysis::RunTensor& to = run->tensors[i];
      const double accuracy = run->run->result.test_accuracy;
      const std::string layers =
          panel_title(fmt::format("{} to {}", short_name(from.name), short_name(to.name)));
      const auto add = [&](const char* stage, double strength, double next) {
        if (!(strength > 0.0) || !(next > 0.0)) return;
        table.rows.push_back({layers, from.name, to.name, run->run->id, run->run->architecture,
                              accuracy, stage, strength, next});
      };
      add("end", from.node_strength, to.node_strength);
      if (from.start && to.start) add("start", from.start->node_strength, to.start->node_strength);
    }
  }
  if (table.rows.empty()) return;
  const Json layers =
      scatter_with_start(table, number("strength", "mean node strength of a layer", true),
                         number("next", "of the next", true),
                         {{"strength", "strength", ".3f"}, {"next", "of the next layer", ".3f"}});
  Json spec = faceted("runs", "layers", "", layers, 220, 230);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  Figure figure = weight_figure(
      "strengths", input, *family.of, "Node strengths of consecutive layers",
      "Strength of a node: the sum of the absolute values of its incoming weights. Coloured: a run "
      "after training; grey: before. Paper L finds that the strengths rise together.");
  figure.note = drawn.note;
  figure.spec = std::move(spec);
  figure.data = {{"runs", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- projection ------------------------------------------------------------------------------

void add_projection(const analysis::FamilyProjection& family, const FigureInput& input,
                    std::vector<Figure>& figures) {
  record::Table table{{"layer", "run", "architecture", "accuracy", "x", "y"}, {}};
  for (const analysis::LayerProjection& layer : family.layers) {
    if (layer.architecture) continue;
    for (const analysis::ProjectedRun& point : layer.runs) {
      const double accuracy = point.run->run->result.test_accuracy;
      table.rows.push_back({to_string(layer.role), point.run->run->id, point.run->run->architecture,
                            accuracy, static_cast<double>(point.tsne[0]),
                            static_cast<double>(point.tsne[1])});
    }
  }
  if (table.rows.empty()) return;
  Json spec = faceted("networks", "layer", "",
                      scatter(table, number("x", "t-SNE"), number("y", ""), {}), 240, 230);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  Figure figure = weight_figure(
      "projection", input, *family.of, "Networks by the distribution of their weights",
      "Each point is a network; those with similar weight distributions (in units of the initial "
      "spread) are neighbours. Large distances and the axes have no meaning.");
  figure.spec = std::move(spec);
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
  Json spec = faceted("networks", "architecture", "",
                      scatter(table, number("x", "t-SNE"), number("y", ""), {}), 240, 230);
  spec["resolve"]["scale"] = {{"x", "independent"}, {"y", "independent"}};
  const bool sorted = wholes.front()->features == analysis::WeightSpace::sorted_weights;
  Figure figure = weight_figure(
      "projection-weights", input, *family.of, "Networks of one architecture, weight by weight",
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

void add_weight_figures(const FigureInput& input, std::vector<Figure>& figures) {
  if (input.weights != nullptr) {
    for (const FamilyWeights& family : input.weights->families) {
      add_spread(family, input, figures);
      add_courses(family, input, figures);
      add_densities(family, input, figures);
      add_strengths(family, input, figures);
    }
  }
  if (input.projection == nullptr) return;
  for (const analysis::FamilyProjection& family : input.projection->families) {
    add_projection(family, input, figures);
    add_raw_projections(family, input, figures);
  }
}

}  // namespace minima::report
