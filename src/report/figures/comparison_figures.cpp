#include "report/figures/comparison_figures.h"

#include <fmt/format.h>

#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"
#include "report/screens/comparison_text.h"

namespace minima::report {
namespace {

using analysis::ArchitecturePair;
using analysis::DatasetComparison;

constexpr const char* kClear = "clear";
constexpr const char* kNotClear = "not clear";
constexpr double kPoints = 100.0;

record::Table pairs_table(const DatasetComparison& dataset) {
  record::Table table{{"family", "architecture", "parameters", "difference", "low", "high",
                       "evidence", "A", "B", "runs_A", "runs_B"},
                      {}};
  for (const ArchitecturePair& pair : dataset.pairs) {
    table.rows.push_back({word_text(pair.family), pair.architecture, pair.parameters,
                          kPoints * pair.difference.mean, kPoints * pair.difference.low,
                          kPoints * pair.difference.high, pair.is_clear ? kClear : kNotClear,
                          pair.first, pair.second, pair.first_runs, pair.second_runs});
  }
  return table;
}

/// One row per architecture and study.
record::Table accuracies_table(const DatasetComparison& dataset) {
  record::Table table{{"study", "architecture", "parameters", "accuracy", "runs"}, {}};
  for (const ArchitecturePair& pair : dataset.pairs) {
    table.rows.push_back(
        {kFirstStudy, pair.architecture, pair.parameters, pair.first, pair.first_runs});
    table.rows.push_back(
        {kSecondStudy, pair.architecture, pair.parameters, pair.second, pair.second_runs});
  }
  return table;
}

Json difference_y(const char* field) {
  return channel(field, "quantitative",
                 fmt::format("{} minus {}, points", kSecondStudy, kFirstStudy),
                 {{"axis", {{"format", "+.2~f"}, {"tickCount", 7}}}});
}

Json pair_tooltip() {
  return tooltip({{"architecture", "architecture"},
                  {"parameters", "parameters", ",d"},
                  {"A", "accuracy in A", ".2%"},
                  {"B", "accuracy in B", ".2%"},
                  {"difference", "difference, points", "+.2f"},
                  {"low", "interval from", "+.2f"},
                  {"high", "to", "+.2f"},
                  {"runs_A", "runs in A", ",d"},
                  {"runs_B", "runs in B", ",d"}});
}

Json difference_layers() {
  Json layers = Json::array();
  layers.push_back({{"data", {{"values", Json::array({{{"at", 0}}})}}},
                    {"mark", {{"type", "rule"}, {"color", "currentColor"}, {"opacity", 0.5}}},
                    {"encoding", {{"y", difference_y("at")}}}});
  const Json colour =
      channel("evidence", "nominal", "difference",
              {{"scale", {{"domain", {kClear, kNotClear}}, {"range", {"#D55E00", "#888888"}}}},
               {"legend", {{"orient", "top"}, {"title", nullptr}, {"symbolOpacity", 1}}}});
  layers.push_back({{"data", named_data("pairs")},
                    {"mark", {{"type", "rule"}, {"opacity", 0.7}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", difference_y("low")},
                      {"y2", {{"field", "high"}}},
                      {"color", colour}}}});
  layers.push_back({{"data", named_data("pairs")},
                    {"mark", {{"type", "point"}, {"filled", true}, {"size", 55}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", difference_y("difference")},
                      {"color", colour},
                      {"tooltip", pair_tooltip()}}}});
  return layers;
}

Json accuracy_layers() {
  Json layers = Json::array();
  layers.push_back({{"data", named_data("accuracies")},
                    {"mark", {{"type", "line"}, {"color", "currentColor"}, {"opacity", 0.3}}},
                    {"encoding",
                     {{"x", parameters_x()},
                      {"y", accuracy_y("accuracy")},
                      {"detail", {{"field", "architecture"}, {"type", "nominal"}}}}}});
  layers.push_back(
      {{"data", named_data("accuracies")},
       {"mark", {{"type", "point"}, {"filled", true}, {"size", 55}, {"opacity", 0.9}}},
       {"encoding",
        {{"x", parameters_x()},
         {"y", accuracy_y("accuracy")},
         {"color", nominal_colour("study", "study", {kFirstStudy, kSecondStudy})},
         {"shape",
          {{"field", "study"},
           {"type", "nominal"},
           {"scale", {{"domain", {kFirstStudy, kSecondStudy}}, {"range", {"circle", "square"}}}}}},
         {"tooltip", tooltip({{"study", "study"},
                              {"architecture", "architecture"},
                              {"parameters", "parameters", ",d"},
                              {"accuracy", "mean test accuracy", ".2%"},
                              {"runs", "runs", ",d"}})}}}});
  return layers;
}

Figure difference_figure(const DatasetComparison& dataset, std::size_t i) {
  Figure figure{.id = difference_kind(i), .kind = difference_kind(i)};
  figure.scope.dataset = dataset.dataset;
  figure.title = "How much the accuracy differs, by size";
  figure.caption = fmt::format(
      "Each mark is an architecture of both studies. Above the line, {} is more accurate. Clear: "
      "the difference is shown with all architectures tested together.",
      kSecondStudy);
  figure.data = {{"pairs", pairs_table(dataset)}};
  figure.spec = layered(difference_layers(), 300);
  return figure;
}

Figure accuracies_figure(const DatasetComparison& dataset, std::size_t i) {
  Figure figure{.id = both_accuracies_kind(i), .kind = both_accuracies_kind(i)};
  figure.scope.dataset = dataset.dataset;
  figure.title = "Test accuracy in both studies";
  figure.caption = "A line joins the two results of an architecture.";
  figure.data = {{"accuracies", accuracies_table(dataset)}};
  figure.spec = layered(accuracy_layers(), 300);
  fit_accuracy_axis(figure, dataset.test_images);
  return figure;
}

}  // namespace

std::string difference_kind(std::size_t i) {
  return fmt::format("difference-{}", i + 1);
}

std::string both_accuracies_kind(std::size_t i) {
  return fmt::format("accuracies-{}", i + 1);
}

std::vector<Figure> figures_of(const analysis::Comparison& comparison) {
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < comparison.datasets.size(); ++i) {
    const DatasetComparison& dataset = comparison.datasets[i];
    if (dataset.pairs.empty()) continue;
    figures.push_back(difference_figure(dataset, i));
    figures.push_back(accuracies_figure(dataset, i));
  }
  return figures;
}

}  // namespace minima::report
