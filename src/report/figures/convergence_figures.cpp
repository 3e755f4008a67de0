// How runs converge over the epochs, and why some fail.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyConvergence;

constexpr const char* kConvergenceSection = "Convergence";
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
  record::Table runs{{"curve", "group", "run", "architecture", "parameters", "accuracy", "error"},
                     {}};
  record::Table points{{"curve", "epoch", "loss"}, {}};
  std::size_t all = 0;
};

void add_curve(const record::RunRow& run, const std::string& group, const AccuracyAxis& axis,
               Curves& curves) {
  const auto& history = run.result.history;
  const auto curve = static_cast<std::int64_t>(curves.runs.rows.size());
  const bool finished = run.result.status == record::RunStatus::finished;
  for (const std::size_t at : scatter(history.size(), kMostEpochs)) {
    const double loss = history[at].train_loss;
    if (!std::isfinite(loss) || loss <= 0.0) continue;
    curves.points.rows.push_back({curve, static_cast<std::int64_t>(history[at].epoch), loss});
  }
  curves.runs.rows.push_back({curve, group, run.id, run.architecture, run.parameters,
                              finished ? record::Cell(run.result.test_accuracy) : record::Cell(),
                              axis.error(finished ? run.result.test_accuracy : 0.0)});
}

Curves curves_of(const FamilyConvergence& family, const FigureInput& input,
                 const AccuracyAxis& axis) {
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
      add_curve(input.population.runs[runs[i]], name, axis, curves);
    }
  }
  return curves;
}

Json curve_layers(const AccuracyAxis& axis) {
  const Json x = channel("epoch", "quantitative", "epoch",
                         {{"axis", {{"format", "d"}, {"tickMinStep", 1}}},
                          {"scale", {{"zero", false}, {"nice", false}}}});
  const Json y = channel("loss", "quantitative", "training loss", {{"scale", {{"type", "log"}}}});
  return Json::array({{{"mark", {{"type", "line"}, {"strokeWidth", 1.2}, {"opacity", 0.8}}},
                       {"encoding",
                        {{"x", x},
                         {"y", y},
                         {"detail", {{"field", "curve"}, {"type", "nominal"}}},
                         {"color", axis.colour("error")},
                         {"tooltip", tooltip({{"run", "run"},
                                              {"architecture", "architecture"},
                                              {"parameters", "parameters", ",d"},
                                              {"accuracy", "test accuracy", ".2%"},
                                              {"group", "group"}})}}}}});
}

void add_curves(const FamilyConvergence& family, const FigureInput& input, const AccuracyAxis& axis,
                std::vector<Figure>& figures) {
  Curves curves = curves_of(family, input, axis);
  if (curves.points.rows.empty()) return;
  const network::Family kind = family.selection.family;
  Figure figure{.id = fmt::format("curves-{}-{}", dataset_id(input, family.dataset), kind),
                .section = kConvergenceSection,
                .title = fmt::format("Training loss over epochs: {}, {}", family.dataset, kind),
                .caption =
                    "One line per run, coloured by its final test accuracy. One panel per accuracy "
                    "group: high is close to the best run, low is close to the worst, and non was "
                    "never better than chance.",
                .data = {}};
  if (curves.runs.rows.size() < curves.all) {
    figure.caption +=
        fmt::format(" At most {} runs of each group are drawn, a random sample (seed {}).",
                    kMostCurvesOfGroup, input.convergence.settings.seed);
  }
  figure.spec = faceted("points", "group", "", curve_layers(axis), 190, 240);
  figure.spec["transform"] = Json::array(
      {{{"lookup", "curve"},
        {"from",
         {{"data", named_data("runs")},
          {"key", "curve"},
          {"fields", {"group", "run", "architecture", "parameters", "accuracy", "error"}}}}}});
  figure.data = {{"points", std::move(curves.points)}, {"runs", std::move(curves.runs)}};
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
  Figure figure{
      .id = "diagnoses-" + dataset_id(input, dataset),
      .section = kConvergenceSection,
      .title = "Why runs did not converge: " + dataset,
      .caption = fmt::format("{} of {} runs were not better than always predicting the largest "
                             "class. Each has one diagnosis: the first cause that applies.",
                             failed, all),
      .data = {{"diagnoses", std::move(table)}}};
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

void add_dead_units(const std::string& dataset, const FigureInput& input, const AccuracyAxis& axis,
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
  record::Table table{{"run", "family", "architecture", "parameters", "dead", "accuracy", "error"},
                      {}};
  for (const std::size_t i :
       sample(all.size(), kMostPoints, input.convergence, "dead units of " + dataset)) {
    const auto& [run, dead] = all[i];
    const double accuracy = run->result.test_accuracy;
    table.rows.push_back({run->id, word_text(run->family), run->architecture, run->parameters, dead,
                          std::isfinite(accuracy) ? record::Cell(accuracy) : record::Cell(),
                          axis.error(accuracy)});
  }
  Json points = {{"data", named_data("runs")},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 30}, {"opacity", 0.7}}},
                 {"encoding",
                  {{"x", parameters_x()},
                   {"y", share_channel("dead", "dead hidden units")},
                   {"color", axis.colour("error")},
                   {"tooltip", tooltip({{"run", "run"},
                                        {"architecture", "architecture"},
                                        {"parameters", "parameters", ",d"},
                                        {"dead", "dead units", ".1%"},
                                        {"accuracy", "test accuracy", ".2%"}})}}}};
  Figure figure{.id = "dead-units-" + dataset_id(input, dataset),
                .section = kConvergenceSection,
                .title = "Dead units: " + dataset,
                .caption =
                    "Fraction of a run's hidden units that are zero for every test image after the "
                    "last epoch, coloured by test accuracy." +
                    sample_note(table.rows.size(), all.size(), "run", input.convergence),
                .data = {}};
  figure.data = {{"runs", std::move(table)}};
  figure.spec = layered(Json::array({points}), 240);
  figures.push_back(std::move(figure));
}

}  // namespace

void add_convergence_figures(const FigureInput& input, const AccuracyAxis& axis,
                             std::vector<Figure>& figures) {
  for (const FamilyConvergence& family : input.convergence.families) {
    add_curves(family, input, axis, figures);
  }
  for (const auto& dataset : input.population.datasets) {
    add_diagnoses(dataset.name, input, figures);
    add_dead_units(dataset.name, input, axis, figures);
  }
}

}  // namespace minima::report
