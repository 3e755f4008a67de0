// Figures of weights: spread, distribution, node strengths.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/weights/weights.h"
#include "record/analysis.h"
#include "record/weight_summary.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/weight_panels.h"

namespace minima::report {
namespace {

using analysis::FamilyWeights;
using analysis::WeightRun;

constexpr std::size_t kMostRuns = 400;        // of the only dataset of a figure
constexpr std::size_t kMostRunsOfEach = 200;  // of each of several datasets

/// The runs of a family that are drawn.
struct DrawnRuns {
  std::string dataset;  ///< short name
  std::vector<const WeightRun*> runs;
  std::vector<std::string> fifths;  ///< of the accuracies
};

/// `note`: becomes a note on the sample.
std::vector<DrawnRuns> drawn_runs(const SideBySide<FamilyWeights>& group, const FigureInput& input,
                                  std::string& note) {
  const std::size_t most = group.has_several() ? kMostRunsOfEach : kMostRuns;
  std::vector<DrawnRuns> all;
  for (std::size_t i = 0; i < group.families.size(); ++i) {
    const analysis::WeightFamily& family = *group.families[i]->of;
    DrawnRuns& drawn = all.emplace_back(DrawnRuns{group.labels[i], {}, {}});
    std::vector<double> accuracies;
    for (const std::size_t run :
         sample(family.runs.size(), most, input.convergence,
                "weights of " + family.dataset + word_text(family.family))) {
      drawn.runs.push_back(&family.runs[run]);
      accuracies.push_back(family.runs[run].run->result.test_accuracy);
    }
    drawn.fifths = fifths_of(accuracies);
    const bool is_sample = drawn.runs.size() < family.runs.size();
    if (is_sample && !group.has_several()) {
      note = sample_note(drawn.runs.size(), family.runs.size(), "run", input.convergence);
    } else if (is_sample) {
      note = fmt::format("At most {} runs of each dataset are drawn, a random sample (seed {}).",
                         most, input.convergence.settings.seed);
    }
  }
  return all;
}

/// The same points, with the same runs at the start in grey below them. The table needs a column
/// `stage`.
Json scatter_with_start(const record::Table& table, bool has_several, const Json& x, const Json& y,
                        std::vector<Hint> hints) {
  hints.push_back({"stage", "stage"});
  Json end = points_by_accuracy(table, has_several, x, y, hints)[0];
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

/// `table`: as in add_spread().
void add_matrices(const DrawnRuns& drawn, analysis::LayerRole role, record::Table& table) {
  for (std::size_t i = 0; i < drawn.runs.size(); ++i) {
    const WeightRun& run = *drawn.runs[i];
    for (const analysis::RunTensor& tensor : run.tensors) {
      if (tensor.role != role || !(tensor.statistics.sd > 0.0)) continue;
      const auto add = [&](const char* stage, double mean, double sd) {
        table.rows.push_back({to_string(role), drawn.dataset, tensor.name, run.run->id,
                              run.run->architecture, run.run->result.test_accuracy, drawn.fifths[i],
                              stage, mean, sd});
      };
      add("end", tensor.statistics.mean, tensor.statistics.sd);
      if (tensor.start && tensor.start->sd > 0.0) {
        add("start", tensor.start->mean, tensor.start->sd);
      }
    }
  }
}

void add_spread(const SideBySide<FamilyWeights>& group, const FigureInput& input,
                std::vector<Figure>& figures) {
  Figure figure = weight_figure(
      "sigma-mu", input, group, "Spread of the weights over their mean",
      "Coloured: a weight matrix of a run after training; grey: before. Paper L finds low and "
      "similar values in successful networks. What differs before training is not an effect of "
      "training.");
  record::Table table{{"layer", "dataset", "tensor", "run", "architecture", "accuracy", "fifth",
                       "stage", "mean", "sd"},
                      {}};
  const std::vector<DrawnRuns> all = drawn_runs(group, input, figure.note);
  for (const analysis::LayerRole role : group.roles()) {
    for (const DrawnRuns& drawn : all) add_matrices(drawn, role, table);
  }
  if (table.rows.empty()) return;
  const Json layers = scatter_with_start(
      table, group.has_several(), number("mean", "mean weight"),
      number("sd", "standard deviation", true),
      {{"tensor", "tensor"}, {"mean", "mean", ".4f"}, {"sd", "standard deviation", ".4f"}});
  figure.spec = panels("matrices", "layer", group, layers);
  share_range_in_rows(figure.spec, {"mean", "sd"});
  figure.data = {{"matrices", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- distributions ---------------------------------------------------------------------------

/// One line per accuracy group. `encoding`: all but the opacity.
Json lines_of_groups(Json mark, Json encoding) {
  mark.update({{"type", "line"}, {"strokeWidth", 1.6}});
  encoding["opacity"] = picked_opacity(0.95, 0.1);
  return Json::array({{{"params", picked_by_legend("group")},
                       {"mark", std::move(mark)},
                       {"encoding", std::move(encoding)}}});
}

Json group_colour() {
  return nominal_colour("group", "accuracy group", {"high", "mid", "low", "non", "other"});
}

void add_densities(const SideBySide<FamilyWeights>& group, const FigureInput& input,
                   std::vector<Figure>& figures) {
  record::Table table{{"layer", "dataset", "group", "stage", "runs", "x", "density"}, {}};
  std::set<std::string> drawn;
  for (const analysis::LayerRole role : group.roles()) {
    for (std::size_t i = 0; i < group.families.size(); ++i) {
      for (const analysis::GroupDensity& density : group.families[i]->densities) {
        if (density.role != role) continue;
        drawn.insert(to_string(density.group));
        const char* stage = density.stage == record::WeightStage::start ? "start" : "end";
        for (std::size_t at = 0; at < density.x.size(); ++at) {
          table.rows.push_back({to_string(role), group.labels[i], to_string(density.group), stage,
                                density.runs, density.x[at], density.density[at]});
        }
      }
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
      "densities", input, group, "Distribution of the weights",
      "Kernel density of all weights of an accuracy group. Solid: after training; dashed: before. "
      "Paper L finds a peak at zero in successful networks; initial weights have one, too.");
  figure.spec = panels("densities", "layer", group, lines_of_groups(Json::object(), encoding));
  share_range_in_rows(figure.spec, {"x", "density"});
  figure.data = {{"densities", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- on the way ------------------------------------------------------------------------------

// Only if epochs between the start and the end were recorded.
void add_courses(const SideBySide<FamilyWeights>& group, const FigureInput& input,
                 std::vector<Figure>& figures) {
  record::Table table{{"layer", "dataset", "group", "epoch", "runs", "sd", "node_strength"}, {}};
  bool has_way = false;
  for (const analysis::LayerRole role : group.roles()) {
    for (std::size_t i = 0; i < group.families.size(); ++i) {
      for (const auto& [whose, course] : group.families[i]->of->courses) {
        if (whose.first != role) continue;
        has_way = has_way || course.size() > 2;
        for (const auto& [epoch, point] : course) {
          table.rows.push_back({to_string(role), group.labels[i], to_string(whose.second),
                                std::int64_t{epoch}, point.runs, point.sd, point.node_strength});
        }
      }
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
      "courses", input, group, "Spread of the weights during training",
      "Standard deviation of the weights of a layer, from the initial weights on. Mean over the "
      "runs of an accuracy group.");
  figure.spec = panels("courses", "layer", group, lines_of_groups({{"point", true}}, encoding));
  share_range_in_rows(figure.spec, {"epoch", "sd"});
  figure.data = {{"courses", std::move(table)}};
  figures.push_back(std::move(figure));
}

// ---- node strengths --------------------------------------------------------------------------

/// Without ".weight": every matrix here is one.
std::string short_name(const std::string& tensor) {
  constexpr std::string_view kSuffix = ".weight";
  return tensor.ends_with(kSuffix) ? tensor.substr(0, tensor.size() - kSuffix.size()) : tensor;
}

/// `table`: as in add_strengths().
void add_pairs(const DrawnRuns& drawn, record::Table& table) {
  for (std::size_t at = 0; at < drawn.runs.size(); ++at) {
    const WeightRun& run = *drawn.runs[at];
    for (std::size_t i = 1; i < run.tensors.size(); ++i) {
      const analysis::RunTensor& from = run.tensors[i - 1];
      const analysis::RunTensor& to = run.tensors[i];
      const std::string layers =
          panel_title(fmt::format("{} to {}", short_name(from.name), short_name(to.name)));
      const auto add = [&](const char* stage, double strength, double next) {
        if (!(strength > 0.0) || !(next > 0.0)) return;
        table.rows.push_back({layers, drawn.dataset, from.name, to.name, run.run->id,
                              run.run->architecture, run.run->result.test_accuracy,
                              drawn.fifths[at], stage, strength, next});
      };
      add("end", from.node_strength, to.node_strength);
      if (from.start && to.start) add("start", from.start->node_strength, to.start->node_strength);
    }
  }
}

void add_strengths(const SideBySide<FamilyWeights>& group, const FigureInput& input,
                   std::vector<Figure>& figures) {
  Figure figure = weight_figure(
      "strengths", input, group, "Node strengths of consecutive layers",
      "Strength of a node: the sum of the absolute values of its incoming weights. Coloured: a run "
      "after training; grey: before. Paper L finds that the strengths rise together.");
  record::Table table{{"layers", "dataset", "from", "to", "run", "architecture", "accuracy",
                       "fifth", "stage", "strength", "next"},
                      {}};
  for (const DrawnRuns& drawn : drawn_runs(group, input, figure.note)) add_pairs(drawn, table);
  if (table.rows.empty()) return;
  const Json layers =
      scatter_with_start(table, group.has_several(), number("strength", "this layer", true),
                         number("next", "next layer", true),
                         {{"strength", "strength", ".3f"}, {"next", "of the next layer", ".3f"}});
  figure.spec = panels("runs", "layers", group, layers);
  share_range_in_rows(figure.spec, {"strength", "next"});
  figure.data = {{"runs", std::move(table)}};
  figures.push_back(std::move(figure));
}

}  // namespace

Json points_by_accuracy(const record::Table& table, bool has_several, const Json& x, const Json& y,
                        std::vector<Hint> hints) {
  hints.insert(
      hints.begin(),
      {{"architecture", "architecture"}, {"run", "run"}, {"accuracy", "test accuracy", ".2%"}});
  return Json::array(
      {{{"mark", {{"type", "point"}, {"filled", true}, {"size", 26}}},
        {"encoding",
         {{"x", x},
          {"y", y},
          {"color", has_several ? fifth_colour("dataset") : accuracy_colour(accuracies_in(table))},
          {"opacity", {{"value", 0.75}}},
          {"tooltip", tooltip(hints)}}}}});
}

void add_weight_figures(const FigureInput& input, std::vector<Figure>& figures) {
  if (input.weights == nullptr) return;
  for (const auto& group : side_by_side(input.weights->families, input)) {
    add_spread(group, input, figures);
    add_courses(group, input, figures);
    add_densities(group, input, figures);
    add_strengths(group, input, figures);
  }
}

}  // namespace minima::report
