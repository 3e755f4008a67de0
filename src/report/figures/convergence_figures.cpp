// How runs converge over the epochs, and why some fail.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/text.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::FamilyConvergence;

constexpr std::size_t kMostCurvesOfGroup = 60;  // per group
constexpr std::size_t kMostEpochs = 60;         // per curve
constexpr std::size_t kMostPoints = 1500;

/// Runs of each group, as indices into Population::runs; a single group if none is defined.
std::map<std::string, std::vector<std::size_t>> grouped_runs(const FamilyConvergence& family) {
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < family.selection.runs.size(); ++i) {
    std::string name = "all runs";
    if (family.groups.defined) {
      const auto& group = family.groups.groups[i];
      if (!group) continue;
      name = to_string(*group);
    }
    groups[name].push_back(family.selection.runs[i]);
  }
  return groups;
}

/// The order of the paper, best group first.
std::vector<std::string> group_order() {
  return {"high", "mid", "low", "other", "non", "all runs"};
}

struct Curves {
  record::Table runs{{"curve", "group", "run", "architecture", "parameters", "accuracy"}, {}};
  record::Table points{{"curve", "epoch", "loss"}, {}};
  std::size_t all = 0;
};

void add_curve(const record::RunRow& run, const std::string& group, Curves& curves) {
  const auto& history = run.result.history;
  const auto curve = static_cast<std::int64_t>(curves.runs.rows.size());
  const bool finished = run.result.status == record::RunStatus::finished;
  for (const std::size_t at : scatter(history.size(), kMostEpochs)) {
    const double loss = history[at].train_loss;
    if (!std::isfinite(loss) || loss <= 0.0) continue;
    curves.points.rows.push_back({curve, static_cast<std::int64_t>(history[at].epoch), loss});
  }
  curves.runs.rows.push_back({curve, group, run.id, run.architecture, run.parameters,
                              finished ? record::Cell(run.result.test_accuracy) : record::Cell()});
}

Curves curves_of(const FamilyConvergence& family, const FigureInput& input) {
  Curves curves;
  const auto groups = grouped_runs(family);
  for (const std::string& name : group_order()) {
    const auto found = groups.find(name);
    if (found == groups.end()) continue;
    const auto& runs = found->second;
    curves.all += runs.size();
    const std::string subject =
        fmt::format("curves of {}, {}, {}", family.dataset, family.selection.family, name);
    for (const std::size_t i :
         sample(runs.size(), kMostCurvesOfGroup, input.convergence, subject)) {
      add_curve(input.population.runs[runs[i]], name, curves);
    }
  }
  return curves;
}

Json curve_layers(const record::Table& runs) {
  const Json x = channel("epoch", "quantitative", "epoch",
                         {{"axis", {{"format", "d"}, {"tickMinStep", 1}}},
                          {"scale", {{"zero", false}, {"nice", false}}}});
  const Json y = channel("loss", "quantitative", "training loss",
                         {{"scale", {{"type", "log"}}}, {"axis", {{"tickCount", 3}}}});
  return Json::array({{{"mark", {{"type", "line"}, {"strokeWidth", 1.2}, {"opacity", 0.8}}},
                       {"encoding",
                        {{"x", x},
                         {"y", y},
                         {"detail", {{"field", "curve"}, {"type", "nominal"}}},
                         {"color", accuracy_colour(accuracies_in(runs))},
                         {"tooltip", tooltip({{"run", "run"},
                                              {"architecture", "architecture"},
                                              {"parameters", "parameters", ",d"},
                                              {"accuracy", "test accuracy", ".2%"}})}}}}});
}

void add_curves(const FamilyConvergence& family, const FigureInput& input,
                std::vector<Figure>& figures) {
  Curves curves = curves_of(family, input);
  if (curves.points.rows.empty()) return;
  Figure figure = figure_of("curves", input, family.dataset, word_text(family.selection.family));
  figure.title = "Training loss over epochs";
  figure.caption =
      "One line per run, coloured by final test accuracy. Runs that fail (group non) separate from "
      "the others in the first epochs, or never move.";
  if (curves.runs.rows.size() < curves.all) {
    figure.note = fmt::format("At most {} runs of each group are drawn, a random sample (seed {}).",
                              kMostCurvesOfGroup, input.convergence.settings.seed);
  }
  figure.spec = faceted("points", "group", "", curve_layers(curves.runs), 190, 240);
  figure.spec["transform"] =
      Json::array({{{"lookup", "curve"},
                    {"from",
                     {{"data", named_data("runs")},
                      {"key", "curve"},
                      {"fields", {"group", "run", "architecture", "parameters", "accuracy"}}}}}});
  figure.data = {{"points", std::move(curves.points)}, {"runs", std::move(curves.runs)}};
  figures.push_back(std::move(figure));
}

// ---- all datasets and families ---------------------------------------------------------------

constexpr std::size_t kMostCurvesOfPanel = 40;

/// `label`: a short name of the dataset.
void add_panel(const FamilyConvergence& family, const std::string& label, const FigureInput& input,
               record::Table& runs, record::Table& points) {
  const auto& all = family.selection.runs;
  std::vector<const record::RunRow*> drawn;
  std::vector<double> accuracies;
  for (const std::size_t i :
       sample(all.size(), kMostCurvesOfPanel, input.convergence,
              fmt::format("grid of {}, {}", family.dataset, family.selection.family))) {
    const record::RunRow& run = input.population.runs[all[i]];
    drawn.push_back(&run);
    accuracies.push_back(run.result.status == record::RunStatus::finished ? run.result.test_accuracy
                                                                          : std::nan(""));
  }
  const std::vector<std::string> fifths = fifths_of(accuracies);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const auto curve = static_cast<std::int64_t>(runs.rows.size());
    const auto& history = drawn[i]->result.history;
    for (const std::size_t at : scatter(history.size(), kMostEpochs / 2)) {
      const double loss = history[at].train_loss;
      if (!std::isfinite(loss) || loss <= 0.0) continue;
      points.rows.push_back({curve, std::int64_t{history[at].epoch}, loss});
    }
    runs.rows.push_back(
        {curve, family.dataset, label, word_text(family.selection.family), drawn[i]->id,
         drawn[i]->architecture, drawn[i]->parameters,
         std::isfinite(accuracies[i]) ? record::Cell(accuracies[i]) : record::Cell(), fifths[i]});
  }
}

/// Figure 1 of arXiv 2408.11720: a panel for each family and dataset. Only for several of them.
void add_grid(const FigureInput& input, std::vector<Figure>& figures) {
  const auto& families = input.convergence.families;
  if (families.size() < 2 || input.convergence.datasets.size() > kMostGridDatasets) return;
  record::Table runs{{"curve", "dataset", "label", "family", "run", "architecture", "parameters",
                      "accuracy", "fifth"},
                     {}};
  record::Table points{{"curve", "epoch", "loss"}, {}};
  std::vector<std::string> names;
  for (const auto& dataset : input.population.datasets) names.push_back(dataset.name);
  for (const FamilyConvergence& family : families) {
    add_panel(family, dataset_label(family.dataset, names), input, runs, points);
  }
  if (points.rows.empty()) return;
  Json layers = curve_layers(runs);
  layers[0]["encoding"]["color"] = fifth_colour("panel");
  layers[0]["encoding"]["opacity"] = picked_opacity(0.8, 0.06);
  layers[0]["params"] = picked_by_legend("fifth");
  Figure figure{.id = "curves-grid", .kind = "curves-grid"};
  figure.title = "Training loss of every family on every dataset";
  figure.caption =
      "One line per run. Blue lines should separate from red ones early; lines that never fall are "
      "runs that failed.";
  if (runs.rows.size() < static_cast<std::size_t>(input.convergence.runs)) {
    figure.note = fmt::format("At most {} runs of each panel are drawn, a random sample (seed {}).",
                              kMostCurvesOfPanel, input.convergence.settings.seed);
  }
  figure.spec = grid("points", "family", "label", layers, 130, 200);
  figure.spec["transform"] = Json::array(
      {{{"lookup", "curve"},
        {"from",
         {{"data", named_data("runs")},
          {"key", "curve"},
          {"fields",
           {"label", "family", "run", "architecture", "parameters", "accuracy", "fifth"}}}}}});
  figure.data = {{"points", std::move(points)}, {"runs", std::move(runs)}};
  figures.push_back(std::move(figure));
}

// ---- failures --------------------------------------------------------------------------------

void add_diagnoses(const std::string& dataset, const FigureInput& input,
                   std::vector<Figure>& figures) {
  std::map<std::pair<std::string, network::Family>, std::int64_t> counts;
  std::vector<network::Family> families;
  std::int64_t failed = 0;
  std::int64_t all = 0;
  for (const FamilyConvergence& family : input.convergence.families) {
    if (family.dataset != dataset) continue;
    families.push_back(family.selection.family);
    all += static_cast<std::int64_t>(family.selection.runs.size());
    for (const auto& diagnosis : family.diagnoses) {
      ++counts[{to_string(diagnosis.diagnosis), family.selection.family}];
      ++failed;
    }
  }
  if (failed == 0) return;
  record::Table table{{"diagnosis", "family", "runs"}, {}};
  std::set<std::string> names;
  for (const auto& [key, count] : counts) {
    names.insert(key.first);
    table.rows.push_back({key.first, word_text(key.second), count});
  }
  Json bars = {
      {"data", named_data("diagnoses")},
      {"mark", "bar"},
      {"params", picked_by_legend("family")},
      {"encoding",
       {{"x", channel("runs", "quantitative", "runs",
                      {{"axis", {{"tickMinStep", 1}, {"format", ",d"}}}})},
        {"y", channel("diagnosis", "nominal", "",
                      {{"sort", "-x"}, {"title", nullptr}, {"axis", {{"labelLimit", 160}}}})},
        {"color", family_colour(families)},
        {"opacity", picked_opacity(1.0, 0.2)},
        {"tooltip",
         tooltip({{"diagnosis", "diagnosis"}, {"family", "family"}, {"runs", "runs", ",d"}})}}}};
  Figure figure = figure_of("diagnoses", input, dataset);
  figure.title = "Why runs did not converge";
  figure.caption = fmt::format(
      "{} of {} runs were not better than always predicting the largest class. Each has one "
      "diagnosis: the first cause that applies.",
      grouped(failed), grouped(all));
  figure.data = {{"diagnoses", std::move(table)}};
  figure.spec = layered(Json::array({bars}), 28 * static_cast<int>(names.size()));
  figures.push_back(std::move(figure));
}

/// Fraction of a run's hidden ReLU units that are dead after its last epoch.
std::optional<double> dead_share(const record::RunRow& run) {
  if (run.result.history.empty()) return std::nullopt;
  const auto& layers = run.result.history.back().layers;
  double units = 0;
  double dead = 0;
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) {  // the last layer is the output
    units += layers[i].units;
    dead += layers[i].dead_units;
  }
  if (units == 0) return std::nullopt;
  return dead / units;
}

void add_dead_units(const std::string& dataset, const FigureInput& input,
                    std::vector<Figure>& figures) {
  std::vector<std::pair<const record::RunRow*, double>> all;
  bool any = false;
  for (const record::RunRow& run : input.population.runs) {
    if (run.dataset != dataset) continue;
    const auto share = dead_share(run);
    if (!share) continue;
    all.emplace_back(&run, *share);
    any = any || *share > 0.0;
  }
  if (!any) return;
  record::Table table{{"run", "family", "architecture", "parameters", "dead", "accuracy"}, {}};
  for (const std::size_t i :
       sample(all.size(), kMostPoints, input.convergence, "dead units of " + dataset)) {
    const auto& [run, dead] = all[i];
    const double accuracy = run->result.test_accuracy;
    table.rows.push_back({run->id, word_text(run->family), run->architecture, run->parameters, dead,
                          std::isfinite(accuracy) ? record::Cell(accuracy) : record::Cell()});
  }
  Json points = {{"data", named_data("runs")},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 30}, {"opacity", 0.7}}},
                 {"encoding",
                  {{"x", parameters_x()},
                   {"y", channel("dead", "quantitative", "dead hidden units",
                                 {{"axis", {{"format", kPercentLabel}, {"tickCount", 5}}}})},
                   {"color", accuracy_colour(accuracies_in(table))},
                   {"tooltip", tooltip({{"run", "run"},
                                        {"architecture", "architecture"},
                                        {"parameters", "parameters", ",d"},
                                        {"dead", "dead units", ".1%"},
                                        {"accuracy", "test accuracy", ".2%"}})}}}};
  Figure figure = figure_of("dead-units", input, dataset);
  figure.title = "Dead units";
  figure.caption =
      "Fraction of a run's hidden units that are zero for every test image after the last epoch. "
      "Small networks that lose most units fail.";
  figure.note = sample_note(table.rows.size(), all.size(), "run", input.convergence);
  figure.data = {{"runs", std::move(table)}};
  figure.spec = layered(Json::array({points}), 240);
  figures.push_back(std::move(figure));
}

}  // namespace

void add_convergence_figures(const FigureInput& input, std::vector<Figure>& figures) {
  add_grid(input, figures);
  for (const FamilyConvergence& family : input.convergence.families) {
    add_curves(family, input, figures);
  }
  for (const auto& dataset : input.population.datasets) {
    add_diagnoses(dataset.name, input, figures);
    add_dead_units(dataset.name, input, figures);
  }
}

}  // namespace minima::report
