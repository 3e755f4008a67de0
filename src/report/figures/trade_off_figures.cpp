// Sparsity combined with bits. The picture of the first screen has accuracy against bytes.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/headline.h"
#include "record/analysis.h"
#include "record/study.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

using analysis::DatasetTradeOffs;
using analysis::TradeOff;

constexpr std::size_t kMostMaps = 3;

using ProtocolPair = std::pair<std::string, std::string>;

/// Pairs of protocols that were applied together; one map shows one pair.
std::set<ProtocolPair> joint_protocols(const DatasetTradeOffs& dataset) {
  std::set<ProtocolPair> joint;
  for (const TradeOff& row : dataset.rows) {
    if (!row.pruning.empty() && !row.quantization.empty()) {
      joint.emplace(row.pruning, row.quantization);
    }
  }
  return joint;
}

bool belongs_to(const TradeOff& row, const ProtocolPair& protocols) {
  return (row.pruning.empty() || row.pruning == protocols.first) &&
         (row.quantization.empty() || row.quantization == protocols.second);
}

/// The architectures that the answer names, if they are there, and others evenly spaced by size.
std::vector<std::size_t> drawn_maps(const std::vector<std::vector<const TradeOff*>>& all,
                                    const DatasetTradeOffs& dataset, const FigureInput& input) {
  std::set<std::string> named;
  if (input.headline != nullptr) {
    for (const analysis::DatasetHeadline& headline : input.headline->datasets) {
      if (headline.dataset != dataset.dataset) continue;
      for (const auto* network : {&headline.smallest, &headline.best}) {
        if (*network) named.insert((*network)->architecture);
      }
    }
  }
  std::set<std::size_t> drawn;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (named.contains(all[i].front()->architecture)) drawn.insert(i);
  }
  std::vector<std::size_t> others = scatter(all.size(), kMostMaps);
  std::ranges::reverse(others);  // large networks have more to lose
  for (const std::size_t i : others) {
    if (drawn.size() < kMostMaps) drawn.insert(i);
  }
  return {drawn.begin(), drawn.end()};
}

record::Table map_table(const DatasetTradeOffs& dataset, const ProtocolPair& protocols,
                        const FigureInput& input, std::string& note) {
  std::map<std::pair<std::int64_t, std::string>, std::vector<const TradeOff*>> architectures;
  for (const TradeOff& row : dataset.rows) {
    if (belongs_to(row, protocols)) {
      architectures[{row.parameters, row.architecture}].push_back(&row);
    }
  }
  std::vector<std::vector<const TradeOff*>> all;
  for (auto& [key, rows] : architectures) all.push_back(std::move(rows));
  record::Table table{{"architecture", "sparsity", "format", "accuracy", "bytes", "runs"}, {}};
  const std::vector<std::size_t> drawn = drawn_maps(all, dataset, input);
  for (const std::size_t i : drawn) {
    for (const TradeOff* row : all[i]) {
      table.rows.push_back({row->architecture, row->sparsity_asked, row->format.text(),
                            row->accuracy.mean, row->bytes, row->accuracy.runs});
    }
  }
  if (drawn.size() < all.size()) {
    note = fmt::format("{} of {} architectures are drawn, those of the answer first.", drawn.size(),
                       all.size());
  }
  return table;
}

std::vector<std::string> formats_by_bytes(const record::Table& table) {
  // At equal sparsity, ordering by bytes equals ordering by bits.
  std::map<std::string, double> bytes;
  for (const auto& row : table.rows) {
    if (std::get<double>(row[1]) != 0.0) continue;
    double& largest = bytes[std::get<std::string>(row[2])];
    largest = std::max(largest, std::get<double>(row[4]));
  }
  std::vector<std::string> names;
  for (const auto& [name, size] : bytes) names.push_back(name);
  std::ranges::stable_sort(names, std::ranges::greater(), [&](const auto& n) { return bytes[n]; });
  return names;
}

void add_maps(const DatasetTradeOffs& dataset, const FigureInput& input,
              std::vector<Figure>& figures) {
  int number = 0;
  const std::set<ProtocolPair> joint = joint_protocols(dataset);
  for (const ProtocolPair& protocols : joint) {
    std::string note;
    record::Table table = map_table(dataset, protocols, input, note);
    const Json x = channel("format", "ordinal", "number format",
                           {{"sort", formats_by_bytes(table)},
                            {"axis", {{"labelAngle", 0}, {"labelOverlap", false}}}});
    const Json y = channel("sparsity", "ordinal", "target sparsity",
                           {{"axis", {{"format", ".1~%"}}}, {"sort", "descending"}});
    Json colour = accuracy_colour(accuracies_in(table));
    colour["legend"] = nullptr;  // the cells name their values
    const Json text = {{"field", "accuracy"}, {"type", "quantitative"}, {"format", ".1%"}};
    const Json cells = Json::array(
        {{{"mark", {{"type", "rect"}, {"opacity", 0.8}}},
          {"encoding",
           {{"x", x},
            {"y", y},
            {"color", colour},
            {"tooltip", tooltip({{"architecture", "architecture"},
                                 {"sparsity", "sparsity", ".0%"},
                                 {"format", "format"},
                                 {"accuracy", "test accuracy", ".2%"},
                                 {"bytes", "bytes", ",.0f"},
                                 {"runs", "runs", ",d"}})}}}},
         {{"mark", {{"type", "text"}, {"color", "#111"}, {"fontWeight", 600}, {"aria", false}}},
          {"encoding", {{"x", x}, {"y", y}, {"text", text}}}}});
    Figure figure = figure_of("sparsity-bits", input, dataset.dataset);
    figure.id += fmt::format("-{}", ++number);
    figure.scope.pruning = protocols.first;
    figure.scope.quantization = protocols.second;
    figure.title = "Sparsity and bits together";
    figure.caption =
        "Mean test accuracy by sparsity and number format, one panel per architecture. Where the "
        "colour changes along a row or a column, that kind of compression costs accuracy.";
    figure.note = note;
    figure.spec = faceted("networks", "architecture", "", cells, 190, 240);
    figure.data = {{"networks", std::move(table)}};
    figures.push_back(std::move(figure));
  }
}

}  // namespace

void add_trade_off_figures(const FigureInput& input, std::vector<Figure>& figures) {
  for (const DatasetTradeOffs& dataset : input.compression.trade_offs) {
    add_maps(dataset, input, figures);
  }
}

}  // namespace minima::report
