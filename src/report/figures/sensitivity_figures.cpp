// Sensitivity of single layers to pruning and quantization.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "record/analysis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyCompression;

constexpr std::size_t kMostPanels = 6;

/// A selection of the architectures with curves of single tensors, evenly spaced by size.
template <typename Curve>
std::set<std::string> drawn_architectures(const std::vector<Curve>& curves, std::string& note) {
  std::vector<std::string> names;
  for (const Curve& curve : curves) {
    if (curve.tensor.empty()) continue;
    if (names.empty() || names.back() != curve.architecture) names.push_back(curve.architecture);
  }
  std::set<std::string> drawn;
  for (const std::size_t i : scatter(names.size(), kMostPanels)) drawn.insert(names[i]);
  note = selection_note(drawn.size(), names.size(), "architecture");
  return drawn;
}

Json tensor_y() {
  return channel("tensor", "nominal", "",
                 {{"title", nullptr}, {"sort", nullptr}, {"axis", {{"labelLimit", 150}}}});
}

/// Gives every panel the tensors of its own architecture. All panels have the height of the
/// largest, because Vega-Lite cannot draw bands of a given step in panels with different scales.
Json own_tensors(Json spec, const record::Table& table) {
  std::map<record::Cell, std::set<record::Cell>> tensors;
  std::size_t most = 1;
  for (const auto& row : table.rows) {
    auto& names = tensors[row[0]];
    names.insert(row[1]);
    most = std::max(most, names.size());
  }
  spec["spec"]["height"] = 22 * most;
  spec["resolve"]["scale"] = {{"y", "independent"}};
  return spec;
}

void add_pruning(const FamilyCompression& family, const FigureInput& input,
                 std::vector<Figure>& figures) {
  std::string note;
  const std::set<std::string> drawn = drawn_architectures(family.pruning, note);
  record::Table table{{"architecture", "tensor", "pruning", "redundancy", "low", "high", "runs"},
                      {}};
  for (const auto& curve : family.pruning) {
    if (curve.tensor.empty() || !drawn.contains(curve.architecture)) continue;
    const auto& estimate = curve.redundancy.estimate;
    table.rows.push_back({curve.architecture, curve.tensor, curve.protocol, estimate.mean,
                          estimate.low.value_or(estimate.mean),
                          estimate.high.value_or(estimate.mean), curve.runs});
  }
  if (table.rows.empty()) return;
  const Json hints = tooltip({{"tensor", "tensor"},
                              {"pruning", "protocol"},
                              {"redundancy", "redundancy", ".1%"},
                              {"low", "interval from", ".1%"},
                              {"high", "to", ".1%"},
                              {"runs", "runs", ",d"}});
  const Json layers = Json::array(
      {{{"mark", {{"type", "rule"}, {"color", "#0072B2"}, {"strokeWidth", 2}}},
        {"encoding",
         {{"x", share_channel("low", "redundancy")},
          {"x2", {{"field", "high"}}},
          {"y", tensor_y()}}}},
       {{"mark", {{"type", "point"}, {"filled", true}, {"size", 60}, {"color", "#0072B2"}}},
        {"encoding",
         {{"x", share_channel("redundancy", "redundancy")},
          {"y", tensor_y()},
          {"tooltip", hints}}}}});
  Figure figure = figure_of("layers-pruned", input, family.dataset, word_text(family.family));
  figure.title = "Redundancy of single tensors";
  figure.caption =
      "How much of a tensor can be pruned if only this one is, with its interval; from input to "
      "output. The tensors furthest left are the sensitive ones.";
  figure.note = note;
  figure.spec = own_tensors(faceted("tensors", "architecture", "", layers, 120, 260), table);
  figure.data = {{"tensors", std::move(table)}};
  figures.push_back(std::move(figure));
}

void add_quantization(const FamilyCompression& family, const FigureInput& input,
                      std::vector<Figure>& figures) {
  std::string note;
  const std::set<std::string> drawn = drawn_architectures(family.quantization, note);
  record::Table table{{"architecture", "tensor", "quantization", "format", "bits", "loss", "runs"},
                      {}};
  for (const auto& curve : family.quantization) {
    if (curve.tensor.empty() || !drawn.contains(curve.architecture)) continue;
    for (const auto& point : curve.points) {
      table.rows.push_back({curve.architecture, curve.tensor, curve.protocol, point.format.text(),
                            static_cast<std::int64_t>(point.bits), point.loss.mean,
                            point.loss.runs});
    }
  }
  if (table.rows.empty()) return;
  const Json x = channel("format", "ordinal", "number format",
                         {{"sort", {{"field", "bits"}, {"order", "descending"}}},
                          {"axis", {{"labelAngle", 0}, {"labelOverlap", false}}}});
  const Json colour = channel("loss", "quantitative", "loss",
                              {{"scale", {{"scheme", "viridis"}, {"reverse", true}}},
                               {"legend", {{"format", kPercentLabel}, {"gradientLength", 80}}}});
  const Json cells = Json::array({{{"mark", "rect"},
                                   {"encoding",
                                    {{"x", x},
                                     {"y", tensor_y()},
                                     {"color", colour},
                                     {"tooltip", tooltip({{"tensor", "tensor"},
                                                          {"format", "format"},
                                                          {"quantization", "protocol"},
                                                          {"loss", "loss", ".2%"},
                                                          {"runs", "runs", ",d"}})}}}}});
  Figure figure = figure_of("layers-quantized", input, family.dataset, word_text(family.family));
  figure.title = "Loss from quantizing single tensors";
  figure.caption =
      "Mean loss of test accuracy if only this tensor is quantized; dark is a large loss. Tensors "
      "are in order from input to output.";
  figure.note = note;
  figure.spec = own_tensors(faceted("tensors", "architecture", "", cells, 120, 240), table);
  figure.data = {{"tensors", std::move(table)}};
  figures.push_back(std::move(figure));
}

}  // namespace

void add_sensitivity_figures(const FigureInput& input, std::vector<Figure>& figures) {
  for (const FamilyCompression& family : input.compression.families) {
    add_pruning(family, input, figures);
    add_quantization(family, input, figures);
  }
}

}  // namespace minima::report
