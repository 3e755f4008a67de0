// Accuracy by bytes, and sparsity combined with bits.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "record/analysis.h"
#include "record/study.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::DatasetTradeOffs;
using analysis::TradeOff;

constexpr const char* kTradeOffSection = "Trade-offs";
constexpr std::size_t kMostPoints = 1500;
constexpr std::size_t kMostMaps = 6;

std::string kind_of(const TradeOff& row) {
  if (row.pruning.empty()) return row.quantization.empty() ? "trained" : "quantized";
  return row.quantization.empty() ? "pruned" : "pruned and quantized";
}

std::string protocols_of(const TradeOff& row) {
  return row.pruning + (row.pruning.empty() || row.quantization.empty() ? "" : "; ") +
         row.quantization;
}

std::vector<record::Cell> front_cells(const TradeOff& row, const AccuracyAxis& axis) {
  return {kind_of(row),
          row.architecture,
          row.parameters,
          protocols_of(row),
          row.sparsity,
          row.format.text(),
          row.bytes,
          row.accuracy.mean,
          axis.error(row.accuracy.mean),
          row.accuracy.runs,
          static_cast<std::int64_t>(row.on_front)};
}

record::Table front_table(const DatasetTradeOffs& dataset, const FigureInput& input,
                          const AccuracyAxis& axis, std::string& note) {
  record::Table table{{"kind", "architecture", "parameters", "protocols", "sparsity", "format",
                       "bytes", "accuracy", "error", "runs", "on_front"},
                      {}};
  std::vector<const TradeOff*> others;
  for (const TradeOff& row : dataset.rows) {
    if (row.on_front) {
      table.rows.push_back(front_cells(row, axis));
    } else {
      others.push_back(&row);
    }
  }
  for (const std::size_t i :
       sample(others.size(), kMostPoints, input.convergence, "front of " + dataset.dataset)) {
    table.rows.push_back(front_cells(*others[i], axis));
  }
  note = sample_note(table.rows.size(), dataset.rows.size(), "network", input.convergence);
  return table;
}

Json front_layers(const AccuracyAxis& axis) {
  const Json x = channel("bytes", "quantitative", "bytes, packed",
                         {{"scale", {{"type", "log"}, {"nice", false}, {"padding", 12}}},
                          {"axis", {{"format", "~s"}, {"tickCount", 6}}}});
  const Json colour =
      nominal_colour("kind", "", {"trained", "pruned", "quantized", "pruned and quantized"});
  const Json hints = tooltip({{"architecture", "architecture"},
                              {"kind", "compression"},
                              {"protocols", "protocols"},
                              {"sparsity", "sparsity", ".1%"},
                              {"format", "format"},
                              {"bytes", "bytes", ",.0f"},
                              {"accuracy", "mean test accuracy", ".2%"},
                              {"runs", "runs", ",d"}});
  const Json front = Json::array({{{"filter", "datum.on_front == 1"}}});
  return Json::array(
      {{{"data", named_data("networks")},
        {"params", picked_by_legend("kind")},
        {"mark", {{"type", "point"}, {"filled", true}, {"size", 22}}},
        {"encoding",
         {{"x", x},
          {"y", axis.y("error")},
          {"color", colour},
          {"opacity", picked_opacity(0.45, 0.04)},
          {"tooltip", hints}}}},
       {{"data", named_data("networks")},
        {"transform", front},
        {"mark",
         {{"type", "line"},
          {"interpolate", "step-after"},
          {"color", "currentColor"},
          {"opacity", 0.6},
          {"strokeWidth", 1.2}}},
        {"encoding",
         {{"x", x},
          {"y", axis.y("error")},
          {"order", {{"field", "bytes"}, {"type", "quantitative"}}}}}},
       {{"data", named_data("networks")},
        {"transform", front},
        {"mark", {{"type", "point"}, {"filled", true}, {"size", 80}, {"stroke", "currentColor"}}},
        {"encoding",
         {{"x", x},
          {"y", axis.y("error")},
          {"color", colour},
          {"opacity", picked_opacity(1.0, 0.15)},
          {"tooltip", hints}}}}});
}

void add_front(const DatasetTradeOffs& dataset, const FigureInput& input, const AccuracyAxis& axis,
               std::vector<Figure>& figures) {
  if (dataset.rows.empty()) return;
  std::string note;
  record::Table table = front_table(dataset, input, axis, note);
  const auto& records = input.population.datasets;
  const auto record = std::ranges::find(records, dataset.dataset, &record::DatasetRecord::name);
  const bool by_validation = record != records.end() && record->validation_count > 0;
  Figure figure{
      .id = "front-" + dataset_id(input, dataset.dataset),
      .section = kTradeOffSection,
      .title = "Accuracy against bytes: " + dataset.dataset,
      .caption = fmt::format("Each point is an architecture, trained or compressed, with the mean "
                             "over its runs. The stepped line joins the networks for which no "
                             "other one is both as small and as accurate{}.",
                             by_validation ? " on validation images" : "") +
                 note,
      .spec = layered(front_layers(axis), 360),
      .data = {{"networks", std::move(table)}}};
  figures.push_back(std::move(figure));
}

// ---- sparsity and bits -----------------------------------------------------------------------

using Protocols = std::pair<std::string, std::string>;

/// Pairs of protocols that were applied together; one map shows one pair.
std::set<Protocols> joint_protocols(const DatasetTradeOffs& dataset) {
  std::set<Protocols> joint;
  for (const TradeOff& row : dataset.rows) {
    if (!row.pruning.empty() && !row.quantization.empty()) {
      joint.emplace(row.pruning, row.quantization);
    }
  }
  return joint;
}

bool belongs_to(const TradeOff& row, const Protocols& protocols) {
  return (row.pruning.empty() || row.pruning == protocols.first) &&
         (row.quantization.empty() || row.quantization == protocols.second);
}

record::Table map_table(const DatasetTradeOffs& dataset, const Protocols& protocols,
                        const AccuracyAxis& axis, std::string& note) {
  std::map<std::pair<std::int64_t, std::string>, std::vector<const TradeOff*>> architectures;
  for (const TradeOff& row : dataset.rows) {
    if (belongs_to(row, protocols)) {
      architectures[{row.parameters, row.architecture}].push_back(&row);
    }
  }
  std::vector<std::vector<const TradeOff*>> all;
  for (auto& [key, rows] : architectures) all.push_back(std::move(rows));
  record::Table table{{"architecture", "sparsity", "format", "accuracy", "error", "bytes", "runs"},
                      {}};
  const std::vector<std::size_t> drawn = scatter(all.size(), kMostMaps);
  for (const std::size_t i : drawn) {
    for (const TradeOff* row : all[i]) {
      table.rows.push_back({row->architecture, row->sparsity_asked, row->format.text(),
                            row->accuracy.mean, axis.error(row->accuracy.mean), row->bytes,
                            row->accuracy.runs});
    }
  }
  note = selection_note(drawn.size(), all.size(), "architecture");
  return table;
}

std::vector<std::string> formats_by_bytes(const record::Table& table) {
  // At equal sparsity, ordering by bytes equals ordering by bits.
  std::map<std::string, double> bytes;
  for (const auto& row : table.rows) {
    if (std::get<double>(row[1]) != 0.0) continue;
    double& largest = bytes[std::get<std::string>(row[2])];
    largest = std::max(largest, std::get<double>(row[5]));
  }
  std::vector<std::string> names;
  for (const auto& [name, size] : bytes) names.push_back(name);
  std::ranges::stable_sort(names, std::ranges::greater(), [&](const auto& n) { return bytes[n]; });
  return names;
}

void add_maps(const DatasetTradeOffs& dataset, const FigureInput& input, const AccuracyAxis& axis,
              std::vector<Figure>& figures) {
  int number = 0;
  for (const Protocols& protocols : joint_protocols(dataset)) {
    std::string note;
    record::Table table = map_table(dataset, protocols, axis, note);
    const Json x = channel("format", "ordinal", "number format",
                           {{"sort", formats_by_bytes(table)},
                            {"axis", {{"labelAngle", -45}, {"labelOverlap", false}}}});
    const Json y = channel("sparsity", "ordinal", "target sparsity",
                           {{"axis", {{"format", kPercentLabel}}}, {"sort", "descending"}});
    const Json cells = Json::array({{{"mark", {{"type", "rect"}}},
                                     {"encoding",
                                      {{"x", x},
                                       {"y", y},
                                       {"color", axis.colour("error")},
                                       {"tooltip", tooltip({{"architecture", "architecture"},
                                                            {"sparsity", "sparsity", ".0%"},
                                                            {"format", "format"},
                                                            {"accuracy", "test accuracy", ".2%"},
                                                            {"bytes", "bytes", ",.0f"},
                                                            {"runs", "runs", ",d"}})}}}}});
    Figure figure{
        .id = fmt::format("sparsity-bits-{}-{}", dataset_id(input, dataset.dataset), ++number),
        .section = kTradeOffSection,
        .title =
            fmt::format("Sparsity and bits together: {}, {}", dataset.dataset, protocols.first),
        .caption = fmt::format("Mean test accuracy after pruning ({}) and quantization ({}). One "
                               "panel per architecture.{}",
                               protocols.first, protocols.second, note),
        .spec = faceted("networks", "architecture", "", cells, 220, 240),
        .data = {{"networks", std::move(table)}}};
    figures.push_back(std::move(figure));
  }
}

}  // namespace

void add_trade_off_figures(const FigureInput& input, const AccuracyAxis& axis,
                           std::vector<Figure>& figures) {
  for (const DatasetTradeOffs& dataset : input.compression.trade_offs) {
    add_front(dataset, input, axis, figures);
    add_maps(dataset, input, axis, figures);
  }
}

}  // namespace minima::report
