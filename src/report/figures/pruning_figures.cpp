// Effects of pruning: curves, phases, redundancy.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/compression/whole_curves.h"
#include "record/analysis.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::FamilyCompression;
using analysis::PruningCurve;

constexpr std::size_t kMostPruningCurves = 40;  // per protocol
constexpr std::size_t kMostBars = 16;

/// A figure of one protocol of a family.
Figure protocol_figure(const char* kind, const FamilyCompression& family, const FigureInput& input,
                       const std::string& protocol) {
  Figure figure = figure_of(kind, input, family.dataset, word_text(family.family));
  figure.id += fmt::format("-p{}", protocol_number(input.compression, protocol));
  figure.scope.pruning = protocol;
  return figure;
}

using PruningCurves = std::vector<const PruningCurve*>;

/// A selection of curves, evenly spaced by size.
PruningCurves drawn_curves(const PruningCurves& curves, std::size_t most, std::string& note) {
  PruningCurves drawn;
  for (const std::size_t i : scatter(curves.size(), most)) drawn.push_back(curves[i]);
  note = selection_note(drawn.size(), curves.size(), "curve");
  return drawn;
}

Json sparsity_x(const std::string& field) {
  return share_channel(field, "sparsity achieved");
}

void add_curves(const FamilyCompression& family, const std::string& protocol,
                const PruningCurves& curves, const FigureInput& input,
                std::vector<Figure>& figures) {
  Figure figure = protocol_figure("pruning", family, input, protocol);
  record::Table table{
      {"pruning", "architecture", "parameters", "sparsity", "accuracy", "loss", "runs"}, {}};
  for (const PruningCurve* curve : drawn_curves(curves, kMostPruningCurves, figure.note)) {
    table.rows.push_back({protocol, curve->architecture, curve->parameters, 0.0,
                          curve->dense_accuracy, 0.0, curve->runs});
    for (const auto& point : curve->points) {
      table.rows.push_back({protocol, curve->architecture, curve->parameters, point.sparsity,
                            point.accuracy.mean, point.loss, point.accuracy.runs});
    }
  }
  const Json layer = {
      {"data", named_data("curves")},
      {"mark",
       {{"type", "line"}, {"point", {{"size", 14}, {"filled", false}}}, {"strokeWidth", 1.5}}},
      {"encoding",
       {{"x", sparsity_x("sparsity")},
        {"y", accuracy_y("accuracy")},
        {"detail", {{"field", "architecture"}, {"type", "nominal"}}},
        {"color", parameters_colour(table)},
        {"tooltip", tooltip({{"architecture", "architecture"},
                             {"parameters", "parameters", ",d"},
                             {"sparsity", "sparsity", ".1%"},
                             {"accuracy", "mean test accuracy", ".2%"},
                             {"loss", "loss", ".2%"},
                             {"runs", "runs", ",d"}})}}}};
  figure.title = "Accuracy against sparsity";
  figure.caption =
      "One line per architecture; darker lines are larger networks. A line stays flat as long as "
      "the network does not need the weights that are removed.";
  figure.spec = layered(Json::array({layer}), 340);
  figure.data = {{"curves", std::move(table)}};
  figures.push_back(std::move(figure));
}

void add_phases(const FamilyCompression& family, const std::string& protocol,
                const PruningCurves& curves, const FigureInput& input,
                std::vector<Figure>& figures) {
  Figure figure = protocol_figure("phases", family, input, protocol);
  record::Table table{{"pruning", "architecture", "phase", "from", "to", "fall"}, {}};
  std::set<std::string> names;
  for (const PruningCurve* curve : drawn_curves(curves, kMostBars, figure.note)) {
    names.insert(curve->architecture);
    const auto& pieces = curve->phases.pieces;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto half_way = [&](std::size_t left) {
        return (pieces[left].last_sparsity + pieces[left + 1].first_sparsity) / 2;
      };
      table.rows.push_back({protocol, curve->architecture, to_string(pieces[i].phase),
                            i == 0 ? pieces[i].first_sparsity : half_way(i - 1),
                            i + 1 == pieces.size() ? pieces[i].last_sparsity : half_way(i),
                            pieces[i].fall});
    }
  }
  if (table.rows.empty()) return;
  const Json colour = channel("phase", "nominal", "phase",
                              {{"scale",
                                {{"domain", {"flat", "decline", "collapse"}},
                                 {"range", {"#56B4E9", "#E69F00", "#D55E00"}}}},
                               {"legend", {{"orient", "top"}}}});
  const Json y = channel("architecture", "nominal", "",
                         {{"title", nullptr}, {"sort", nullptr}, {"axis", {{"labelLimit", 130}}}});
  const Json layer = {{"data", named_data("phases")},
                      {"mark", {{"type", "bar"}, {"height", {{"band", 0.7}}}}},
                      {"encoding",
                       {{"x", sparsity_x("from")},
                        {"x2", {{"field", "to"}}},
                        {"y", y},
                        {"color", colour},
                        {"tooltip", tooltip({{"architecture", "architecture"},
                                             {"phase", "phase"},
                                             {"from", "from sparsity", ".1%"},
                                             {"to", "to", ".1%"}})}}}};
  figure.title = "Phases of pruning";
  figure.caption =
      "Sparsities at which an architecture loses almost nothing (flat), some accuracy (decline) "
      "and "
      "most of what it learned (collapse). Phases end half way between measurements.";
  figure.spec = layered(Json::array({layer}), 20 * static_cast<int>(names.size()) + 10);
  figure.data = {{"phases", std::move(table)}};
  figures.push_back(std::move(figure));
}

std::vector<std::string> pruning_protocols(const FamilyCompression& family) {
  std::vector<std::string> names;
  for (const auto& [protocol, curves] : analysis::whole_curves(family.pruning))
    names.push_back(protocol);
  return names;
}

Json protocol_colour(const FamilyCompression& family) {
  const std::vector<std::string> protocols = pruning_protocols(family);
  Json colour = nominal_colour("pruning", "protocol", protocols);
  colour["legend"] = nullptr;
  if (protocols.size() > 1) {
    colour["legend"] = {
        {"orient", "bottom"}, {"columns", 1}, {"labelLimit", 400}, {"symbolOpacity", 1}};
  }
  return colour;
}

Json interval_layers(const Json& x, const Json& colour, const Json& hints) {
  return Json::array({{{"data", named_data("redundancy")},
                       {"mark", {{"type", "rule"}}},
                       {"encoding",
                        {{"x", x},
                         {"y", share_channel("low", "redundancy")},
                         {"y2", {{"field", "high"}}},
                         {"color", colour},
                         {"opacity", picked_opacity(0.6)}}}},
                      {{"data", named_data("redundancy")},
                       {"params", picked_by_legend("pruning")},
                       {"mark", {{"type", "point"}, {"filled", true}, {"size", 55}}},
                       {"encoding",
                        {{"x", x},
                         {"y", share_channel("redundancy", "redundancy")},
                         {"color", colour},
                         {"opacity", picked_opacity(0.95)},
                         {"tooltip", hints}}}}});
}

void add_redundancy(const FamilyCompression& family, const FigureInput& input,
                    std::vector<Figure>& figures) {
  record::Table table{
      {"pruning", "architecture", "parameters", "redundancy", "low", "high", "beyond", "runs"}, {}};
  for (const PruningCurve& curve : family.pruning) {
    if (!curve.tensor.empty()) continue;
    const auto& estimate = curve.redundancy.estimate;
    table.rows.push_back({curve.protocol, curve.architecture, curve.parameters, estimate.mean,
                          estimate.low.value_or(estimate.mean),
                          estimate.high.value_or(estimate.mean), curve.redundancy.beyond,
                          curve.runs});
  }
  if (table.rows.empty()) return;
  Figure figure = figure_of("redundancy", input, family.dataset, word_text(family.family));
  figure.title = "Redundancy against parameters";
  figure.caption = fmt::format(
      "Redundancy: the largest sparsity that costs at most {} of test accuracy. Mean over the runs "
      "of an architecture, with its interval.",
      points_text(input.compression.settings.compression_tolerance));
  figure.data = {{"redundancy", std::move(table)}};
  figure.spec = layered(interval_layers(parameters_x(), protocol_colour(family),
                                        tooltip({{"architecture", "architecture"},
                                                 {"parameters", "parameters", ",d"},
                                                 {"redundancy", "redundancy", ".1%"},
                                                 {"low", "interval from", ".1%"},
                                                 {"high", "to", ".1%"},
                                                 {"beyond", "runs that never lost more", ",d"},
                                                 {"runs", "runs", ",d"}})),
                        260);
  figures.push_back(std::move(figure));
}

void add_depth(const FamilyCompression& family, const FigureInput& input,
               std::vector<Figure>& figures) {
  record::Table table{{"pruning", "depth", "redundancy", "low", "high", "architectures", "runs"},
                      {}};
  for (const auto& effect : family.depth) {
    for (const auto& depth : effect.depths) {
      const double sd = depth.sd.value_or(0.0);
      table.rows.push_back({effect.protocol, static_cast<std::int64_t>(depth.depth), depth.mean,
                            std::max(0.0, depth.mean - sd), std::min(1.0, depth.mean + sd),
                            depth.architectures, depth.runs});
    }
  }
  if (table.rows.empty()) return;
  const Json x = channel("depth", "ordinal", "hidden layers", {{"axis", {{"labelAngle", 0}}}});
  Figure figure = figure_of("depth", input, family.dataset, word_text(family.family));
  figure.title = "Redundancy against depth";
  figure.caption =
      "Mean over the stable architectures with this number of equally wide hidden layers. The bars "
      "are one standard deviation over architectures.";
  figure.data = {{"redundancy", std::move(table)}};
  figure.spec = layered(interval_layers(x, protocol_colour(family),
                                        tooltip({{"depth", "hidden layers", "d"},
                                                 {"redundancy", "mean redundancy", ".1%"},
                                                 {"architectures", "architectures", ",d"},
                                                 {"runs", "runs", ",d"}})),
                        240);
  figures.push_back(std::move(figure));
}

}  // namespace

void add_pruning_figures(const FigureInput& input, std::vector<Figure>& figures) {
  for (const FamilyCompression& family : input.compression.families) {
    for (const auto& [protocol, curves] : analysis::whole_curves(family.pruning)) {
      add_curves(family, protocol, curves, input, figures);
      add_phases(family, protocol, curves, input, figures);
    }
    add_redundancy(family, input, figures);
    add_depth(family, input, figures);
  }
}

}  // namespace minima::report
