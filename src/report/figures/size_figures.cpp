// Accuracy and success against the number of parameters.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "analysis/tables/columns.h"
#include "core/text.h"
#include "record/analysis.h"
#include "record/run_result.h"
#include "record/run_row.h"
#include "record/study.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

using analysis::SeriesConvergence;

constexpr std::size_t kMostRunsOfDataset = 1500;  // per dataset

/// The series of one dataset.
struct OfDataset {
  std::string name;
  std::vector<const SeriesConvergence*> series;
  std::vector<network::Family> families;
};

std::vector<OfDataset> by_dataset(const analysis::Convergence& convergence) {
  std::vector<OfDataset> datasets;
  for (const SeriesConvergence& series : convergence.series) {
    if (datasets.empty() || datasets.back().name != series.dataset) {
      datasets.push_back({series.dataset, {}, {}});
    }
    datasets.back().series.push_back(&series);
    datasets.back().families.push_back(series.series.family);
  }
  return datasets;
}

/// "dnn 4; dnn 4-4; and 3 more": one size may have hundreds of architectures.
std::string few_of(const std::vector<std::string>& architectures) {
  constexpr std::size_t kFew = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kFew, architectures.size()); ++i) {
    text += (i == 0 ? "" : "; ") + architectures[i];
  }
  if (architectures.size() > kFew)
    text += fmt::format("; and {} more", architectures.size() - kFew);
  return text;
}

record::Table levels_table(const OfDataset& dataset) {
  record::Table table{{"family", "series", "parameters", "architectures", "regime", "runs",
                       "accuracy", "low", "high", "sd", "fitted", "share", "fitted_share"},
                      {}};
  for (const SeriesConvergence* series : dataset.series) {
    for (std::size_t i = 0; i < series->minimal.levels.size(); ++i) {
      const auto& level = series->minimal.levels[i];
      const auto& success = series->reliability.levels[i];
      table.rows.push_back(
          {word_text(series->series.family), series->series.name, level.parameters,
           few_of(level.architectures), to_string(series->regimes.levels[i].regime), level.runs,
           level.mean, analysis::cell_or_null(level.low), analysis::cell_or_null(level.high),
           analysis::cell_or_null(level.sd), level.fitted_mean,
           static_cast<double>(success.successes) / static_cast<double>(success.runs),
           success.fitted_share});
    }
  }
  return table;
}

record::Table runs_table(const OfDataset& dataset, const FigureInput& input, std::string& note) {
  std::vector<std::size_t> all;
  for (const SeriesConvergence* series : dataset.series) {
    all.insert(all.end(), series->series.runs.begin(), series->series.runs.end());
  }
  record::Table table{{"run", "family", "architecture", "parameters", "accuracy"}, {}};
  for (const std::size_t i :
       sample(all.size(), kMostRunsOfDataset, input.convergence, "sizes of " + dataset.name)) {
    const record::RunRow& run = input.population.runs[all[i]];
    const bool finished = run.result.status == record::RunStatus::finished;
    table.rows.push_back({run.id, word_text(run.family), run.architecture, run.parameters,
                          finished ? record::Cell(run.result.test_accuracy) : record::Cell()});
  }
  note = sample_note(table.rows.size(), all.size(), "run", input.convergence);
  return table;
}

/// "" unless the answer counts runs on other images than this figure.
std::string counting_note(const OfDataset& dataset, const FigureInput& input) {
  const auto& datasets = input.population.datasets;
  const auto record = std::ranges::find(datasets, dataset.name, &record::DatasetRecord::name);
  if (record == datasets.end() || record->validation_count == 0) return "";
  return "The answer at the top counts runs on validation images instead, because it chooses "
         "networks by them.";
}

/// A size with its interval, one row per series. An interval without an upper limit ends at the
/// largest size.
template <typename SizeOf>
record::Table sizes_table(const OfDataset& dataset, const SizeOf& size_of) {
  record::Table table{{"family", "series", "parameters", "low", "high"}, {}};
  for (const SeriesConvergence* series : dataset.series) {
    const analysis::SizeEstimate* size = size_of(*series);
    if (size == nullptr || !size->parameters) continue;
    const std::int64_t largest = series->minimal.levels.back().parameters;
    table.rows.push_back({word_text(series->series.family), series->series.name, *size->parameters,
                          size->low.value_or(*size->parameters),
                          size->has_interval ? size->high.value_or(largest) : *size->parameters});
  }
  return table;
}

/// Adds the table only if it has rows: a figure names only tables that it draws.
void add_sizes(const record::Table& sizes, Figure& figure) {
  if (!sizes.rows.empty()) figure.data.push_back({"sizes", sizes});
}

/// No layers if there is no size to show: marks without rows have no position on the axis.
Json size_layers(const Json& colour, const record::Table& sizes) {
  if (sizes.rows.empty()) return Json::array();
  Json low = parameters_x();
  low["field"] = "low";
  const Json hint = tooltip({{"series", "series"},
                             {"parameters", "from", ",d"},
                             {"low", "interval from", ",d"},
                             {"high", "to", ",d"}});
  Json layers = Json::array();
  constexpr std::size_t kMostBands = 6;  // more would cover each other
  if (sizes.rows.size() <= kMostBands) {
    layers.push_back({{"data", named_data("sizes")},
                      {"mark", {{"type", "rect"}, {"opacity", 0.08}}},
                      {"encoding", {{"x", low}, {"x2", {{"field", "high"}}}, {"color", colour}}}});
  }
  layers.push_back(
      {{"data", named_data("sizes")},
       {"mark", {{"type", "rule"}, {"strokeDash", {5, 4}}, {"strokeWidth", 1.2}, {"opacity", 0.7}}},
       {"encoding", {{"x", parameters_x()}, {"color", colour}, {"tooltip", hint}}}});
  return layers;
}

/// One line per series.
Json detail() {
  return {{"field", "series"}, {"type", "nominal"}};
}

/// Each regime has the same shape in every figure; the legend has those that occur.
Json regime_shape(const OfDataset& dataset) {
  std::set<std::string> found;
  for (const SeriesConvergence* series : dataset.series) {
    for (const auto& level : series->regimes.levels) found.insert(to_string(level.regime));
  }
  return channel("regime", "nominal", "regime",
                 {{"scale",
                   {{"domain", {"unstable", "learning", "overfitting", "withheld"}},
                    {"range", {"cross", "circle", "square", "diamond"}}}},
                  {"legend", {{"orient", "top"}, {"title", nullptr}, {"values", found}}}});
}

/// Mark size of a mean; smaller for many sizes, so that marks do not hide each other.
int mark_size(const OfDataset& dataset) {
  std::size_t levels = 0;
  for (const SeriesConvergence* series : dataset.series) levels += series->minimal.levels.size();
  return levels > 100 ? 22 : 55;
}

Json accuracy_layers(const OfDataset& dataset, const record::Table& levels,
                     const record::Table& sizes) {
  const Json colour = family_colour(dataset.families);
  Json layers = size_layers(colour, sizes);
  layers.push_back({{"data", named_data("runs")},
                    {"mark", {{"type", "point"}, {"filled", true}, {"size", 9}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", accuracy_y("accuracy")},
                      {"color", colour},
                      {"opacity", picked_opacity(0.35, 0.02)},
                      {"tooltip", tooltip({{"run", "run"},
                                           {"architecture", "architecture"},
                                           {"parameters", "parameters", ",d"},
                                           {"accuracy", "test accuracy", ".2%"}})}}}});
  if (has_numbers(levels, "low")) {
    layers.push_back({{"data", named_data("levels")},
                      {"mark", {{"type", "rule"}}},
                      {"encoding",
                       {{"x", parameters_x()},
                        {"y", accuracy_y("low")},
                        {"y2", {{"field", accuracy_y("high")["field"]}}},
                        {"color", colour},
                        {"opacity", picked_opacity(0.6)}}}});
  }
  layers.push_back({{"data", named_data("levels")},
                    {"mark", {{"type", "line"}, {"strokeWidth", 1.5}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", accuracy_y("fitted")},
                      {"color", colour},
                      {"detail", detail()},
                      {"opacity", picked_opacity(0.8)}}}});
  layers.push_back({{"data", named_data("levels")},
                    {"params", picked_by_legend("family")},
                    {"mark", {{"type", "point"}, {"filled", true}, {"size", mark_size(dataset)}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", accuracy_y("accuracy")},
                      {"color", colour},
                      {"shape", regime_shape(dataset)},
                      {"opacity", picked_opacity(0.95)},
                      {"tooltip", tooltip({{"series", "series"},
                                           {"architectures", "architectures"},
                                           {"parameters", "parameters", ",d"},
                                           {"accuracy", "mean test accuracy", ".2%"},
                                           {"low", "interval from", ".2%"},
                                           {"high", "to", ".2%"},
                                           {"sd", "standard deviation", ".2%"},
                                           {"runs", "runs", ",d"},
                                           {"regime", "regime"}})}}}});
  return layers;
}

Figure accuracy_figure(const OfDataset& dataset, const FigureInput& input) {
  Figure figure = figure_of("accuracy", input, dataset.name);
  figure.title = "Test accuracy against parameters";
  figure.caption =
      "Mean of each size with its interval, one line per series. Where a line stops rising, larger "
      "networks do not help; a dashed line and band mark that size, P_min.";
  figure.data = {{"levels", levels_table(dataset)},
                 {"runs", runs_table(dataset, input, figure.note)}};
  const record::Table sizes =
      sizes_table(dataset, [](const SeriesConvergence& series) { return &series.minimal.size; });
  figure.spec = layered(accuracy_layers(dataset, figure.data.front().table, sizes), 340);
  add_sizes(sizes, figure);
  return figure;
}

Json success_layers(const OfDataset& dataset, const FigureInput& input,
                    const record::Table& sizes) {
  const Json colour = family_colour(dataset.families);
  Json layers = size_layers(colour, sizes);
  layers.push_back(
      {{"data", {{"values", Json::array({{{"at", input.convergence.settings.reliability}}})}}},
       {"mark",
        {{"type", "rule"}, {"strokeDash", {2, 3}}, {"color", "currentColor"}, {"opacity", 0.5}}},
       {"encoding", {{"y", share_channel("at", "runs that succeed")}}}});
  layers.push_back({{"data", named_data("levels")},
                    {"mark", {{"type", "line"}, {"interpolate", "step-after"}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", share_channel("fitted_share", "runs that succeed")},
                      {"color", colour},
                      {"detail", detail()},
                      {"opacity", picked_opacity(0.9)}}}});
  layers.push_back({{"data", named_data("levels")},
                    {"params", picked_by_legend("family")},
                    {"mark", {{"type", "point"}, {"filled", true}, {"size", 40}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", share_channel("share", "runs that succeed")},
                      {"color", colour},
                      {"opacity", picked_opacity(0.7)},
                      {"tooltip", tooltip({{"series", "series"},
                                           {"architectures", "architectures"},
                                           {"parameters", "parameters", ",d"},
                                           {"share", "succeeded", ".1%"},
                                           {"fitted_share", "fit", ".1%"},
                                           {"runs", "runs", ",d"}})}}}});
  return layers;
}

Figure success_figure(const OfDataset& dataset, const FigureInput& input) {
  const double asked = input.convergence.settings.reliability;
  const auto reliable = [&](const SeriesConvergence& series) -> const analysis::SizeEstimate* {
    const auto& sizes = series.reliability.sizes;
    const auto at = std::ranges::find(sizes, asked, &analysis::SizeForReliability::reliability);
    return at == sizes.end() ? nullptr : &at->size;
  };
  const analysis::Reliability& first = dataset.series.front()->reliability;
  const std::string target =
      first.missing.empty() ? percent(first.threshold) + " %" : std::string("the target (none)");
  Figure figure = figure_of("success", input, dataset.name);
  figure.title = "How often a training succeeds";
  figure.caption = fmt::format(
      "Fraction of the runs of a size that reach {} on test images. Dashed: the size from which "
      "{:.0f} % succeed, with its interval.",
      target, 100.0 * asked);
  figure.note = counting_note(dataset, input);
  figure.data = {{"levels", levels_table(dataset)}};
  const record::Table sizes = sizes_table(dataset, reliable);
  figure.spec = layered(success_layers(dataset, input, sizes), 260);
  add_sizes(sizes, figure);
  return figure;
}

}  // namespace

void add_size_figures(const FigureInput& input, std::vector<Figure>& figures) {
  for (const OfDataset& dataset : by_dataset(input.convergence)) {
    figures.push_back(accuracy_figure(dataset, input));
    figures.push_back(success_figure(dataset, input));
  }
}

}  // namespace minima::report
