// The picture of the first screen: accuracy against size, with everything that the answer names.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "analysis/headline.h"
#include "analysis/highlights.h"
#include "analysis/tables/columns.h"
#include "core/text.h"
#include "record/analysis.h"
#include "report/figures/accuracy_axis.h"
#include "report/figures/parts.h"
#include "report/text/style.h"
#include "study/settings/number_format.h"

namespace minima::report {
namespace {

using analysis::DatasetHeadline;
using analysis::DatasetTradeOffs;
using analysis::HeadlineNetwork;
using analysis::TradeOff;

constexpr std::size_t kMostCompressed = 900;
constexpr int kOverviewHeight = 336;
constexpr double kBytesPerParameter = 4.0;

/// What the picture of a dataset is made of.
struct Overview {
  const analysis::DatasetConvergence& convergence;
  const analysis::DatasetOutcomes& outcomes;
  const DatasetTradeOffs* trade_offs = nullptr;  ///< null: nothing is compressed
  const DatasetHeadline* headline = nullptr;     ///< null: no answer

  /// Networks are compared by bytes if some are compressed, else by parameters.
  [[nodiscard]] bool in_bytes() const { return trade_offs != nullptr; }
  [[nodiscard]] double size_of(std::int64_t parameters) const {
    return static_cast<double>(parameters) * (in_bytes() ? kBytesPerParameter : 1.0);
  }
};

// ---- tables ----------------------------------------------------------------------------------

record::Table trained_table(const Overview& of) {
  record::Table table{
      {"family", "architecture", "parameters", "size", "accuracy", "low", "high", "runs"}, {}};
  for (const auto& each : of.outcomes.architectures) {
    table.rows.push_back({word_text(each.family), each.architecture, each.parameters,
                          of.size_of(each.parameters), each.test.mean, each.test.low,
                          each.test.high, each.runs});
  }
  return table;
}

std::string compression_text(const TradeOff& row) {
  std::string text =
      row.pruning.empty() ? "" : fmt::format("{:.0f} % pruned", 100.0 * row.sparsity);
  if (row.quantization.empty()) return text;
  return text + (text.empty() ? "" : ", ") + study::format_label(row.format, row.quantization);
}

std::string applied_protocols(const TradeOff& row) {
  return row.pruning + (row.pruning.empty() || row.quantization.empty() ? "" : "; ") +
         row.quantization;
}

std::vector<record::Cell> compressed_cells(const TradeOff& row) {
  return {word_text(row.family),
          row.architecture,
          compression_text(row),
          applied_protocols(row),
          row.bytes,
          row.accuracy.mean,
          analysis::cell_or_null(row.low),
          analysis::cell_or_null(row.high),
          row.accuracy.runs};
}

/// Compressed networks that are not on the front: a sample.
record::Table compressed_table(const Overview& of, const FigureInput& input, std::string& note) {
  record::Table table{{"family", "architecture", "compression", "protocols", "size", "accuracy",
                       "low", "high", "runs"},
                      {}};
  if (of.trade_offs == nullptr) return table;
  std::vector<const TradeOff*> all;
  for (const TradeOff& row : of.trade_offs->rows) {
    if (!row.pruning.empty() || !row.quantization.empty()) all.push_back(&row);
  }
  for (const std::size_t i : sample(all.size(), kMostCompressed, input.convergence,
                                    "front of " + of.trade_offs->dataset)) {
    table.rows.push_back(compressed_cells(*all[i]));
  }
  note = sample_note(table.rows.size(), all.size(), "compressed network", input.convergence);
  return table;
}

record::Table front_table(const Overview& of) {
  record::Table table{{"architecture", "compression", "size", "accuracy", "low", "high"}, {}};
  if (of.trade_offs != nullptr) {
    for (const TradeOff* row : analysis::rising_front(*of.trade_offs)) {
      table.rows.push_back({row->architecture, compression_text(*row), row->bytes,
                            row->accuracy.mean, analysis::cell_or_null(row->low),
                            analysis::cell_or_null(row->high)});
    }
    return table;
  }
  double best = 0.0;
  for (const analysis::FrontPoint& point : of.convergence.front.points) {
    if (point.accuracy <= best) continue;
    best = point.accuracy;
    const auto& architecture = of.convergence.architectures[point.point];
    table.rows.push_back({architecture.architecture, "", of.size_of(architecture.parameters),
                          point.accuracy, analysis::cell_or_null(point.low),
                          analysis::cell_or_null(point.high)});
  }
  return table;
}

record::Table series_table(const Overview& of, const FigureInput& input) {
  record::Table table{{"family", "series", "size", "accuracy"}, {}};
  for (const analysis::SeriesConvergence& series : input.convergence.series) {
    if (series.dataset != of.convergence.dataset || series.minimal.levels.size() < 2) continue;
    for (const auto& level : series.minimal.levels) {
      table.rows.push_back({word_text(series.series.family), series.series.name,
                            of.size_of(level.parameters), level.fitted_mean});
    }
  }
  return table;
}

// ---- labels ----------------------------------------------------------------------------------

struct Named {
  std::string label;
  double size = 0.0;
  double accuracy = 0.0;
};

std::vector<Named> named_networks(const Overview& of) {
  std::vector<Named> named;
  if (of.headline == nullptr) return named;
  const auto add = [&](const char* role, const std::optional<HeadlineNetwork>& network) {
    if (!network) return;
    const double size = of.in_bytes() && network->bytes > 0.0 && !network->compression.empty()
                            ? network->bytes
                            : of.size_of(network->parameters);
    const auto same = std::ranges::find_if(named, [&](const Named& other) {
      return other.size == size && other.accuracy == network->accuracy.mean;
    });
    if (same != named.end()) {
      same->label = std::string(role) + ", " + same->label;
      return;
    }
    named.push_back(
        {fmt::format("{}\n{}", role, network->architecture), size, network->accuracy.mean});
  };
  add("best", of.headline->best);
  add("smallest", of.headline->smallest);
  if (of.in_bytes()) add("fewest bytes", of.headline->compressed);
  std::ranges::sort(named, {}, &Named::size);
  return named;
}

/// Labels close to each other stand above and below their marks in turn; at the sides they point
/// inwards.
record::Table named_table(const Overview& of, const record::Table& trained,
                          const record::Table& compressed) {
  double low = std::numeric_limits<double>::max();
  double high = 1.0;
  for (const auto& [table, column] : {std::pair{&trained, 3}, std::pair{&compressed, 4}}) {
    for (const auto& row : table->rows) {
      low = std::min(low, std::get<double>(row[static_cast<std::size_t>(column)]));
      high = std::max(high, std::get<double>(row[static_cast<std::size_t>(column)]));
    }
  }
  const auto place = [&](double size) {
    return high > low ? std::log(size / low) / std::log(high / low) : 0.5;
  };
  record::Table table{{"label", "size", "accuracy", "side", "below"}, {}};
  double last = -1.0;
  bool below = true;
  for (const Named& each : named_networks(of)) {
    const double at = place(each.size);
    below = last >= 0.0 && at - last < 0.25 && !below;
    last = at;
    table.rows.push_back({each.label, each.size, each.accuracy,
                          at < 0.15   ? "left"
                          : at > 0.85 ? "right"
                                      : "center",
                          static_cast<std::int64_t>(below)});
  }
  return table;
}

// ---- layers ----------------------------------------------------------------------------------

Json size_x(const Overview& of) {
  return channel("size", "quantitative",
                 of.in_bytes() ? "bytes of the weights (packed)" : "learnable parameters",
                 {{"scale", {{"type", "log"}, {"nice", false}, {"padding", 14}}},
                  {"axis", {{"format", "~s"}, {"tickCount", 6}}}});
}

Json interval_layer(const char* table, const Json& x, const Json& colour, double opacity) {
  return {{"data", named_data(table)},
          {"mark", {{"type", "rule"}, {"strokeWidth", 1.2}, {"opacity", opacity}}},
          {"encoding",
           {{"x", x},
            {"y", accuracy_y("low")},
            {"y2", {{"field", accuracy_y("high")["field"]}}},
            {"color", colour}}}};
}

Json ink() {
  return {{"value", "currentColor"}};
}

/// Text that stays readable on marks: once as a halo, once as itself.
void add_labels(const record::Table& named, const Json& x, Json& layers) {
  layers.push_back({{"data", named_data("named")},
                    {"mark", {{"type", "point"}, {"size", 170}, {"strokeWidth", 1.8}}},
                    {"encoding", {{"x", x}, {"y", accuracy_y("accuracy")}, {"color", ink()}}}});
  for (const bool below : {false, true}) {
    for (const char* side : {"left", "center", "right"}) {
      const bool is_used = std::ranges::any_of(named.rows, [&](const auto& row) {
        return row[3] == record::Cell(side) && row[4] == record::Cell(std::int64_t{below});
      });
      if (!is_used) continue;  // Vega warns of an empty layer
      Json mark = {
          {"type", "text"},         {"align", side},  {"baseline", below ? "top" : "bottom"},
          {"dy", below ? 11 : -26}, {"fontSize", 12}, {"fontWeight", 600},
          {"lineBreak", "\n"},      {"aria", false}};
      const Json encoding = {{"x", x},
                             {"y", accuracy_y("accuracy")},
                             {"text", {{"field", "label"}, {"type", "nominal"}}}};
      const Json filter = Json::array(
          {{{"filter", fmt::format("datum.side == '{}' && datum.below == {}", side, int{below})}}});
      Json halo = mark;
      halo.update({{"stroke", "var(--card)"}, {"strokeWidth", 4}, {"color", "var(--card)"}});
      mark["color"] = "currentColor";
      for (const Json& each : {halo, mark}) {
        layers.push_back({{"data", named_data("named")},
                          {"transform", filter},
                          {"mark", each},
                          {"encoding", encoding}});
      }
    }
  }
}

Json trained_hints() {
  return tooltip({{"architecture", "architecture"},
                  {"parameters", "parameters", ",d"},
                  {"accuracy", "mean test accuracy", ".2%"},
                  {"low", "interval from", ".2%"},
                  {"high", "to", ".2%"},
                  {"runs", "runs", ",d"}});
}

Json compressed_layer(const Json& x, const Json& colour) {
  return {{"data", named_data("compressed")},
          {"mark", {{"type", "point"}, {"filled", true}, {"size", 10}}},
          {"encoding",
           {{"x", x},
            {"y", accuracy_y("accuracy")},
            {"color", colour},
            {"opacity", picked_opacity(0.35, 0.03)},
            {"tooltip", tooltip({{"architecture", "architecture"},
                                 {"compression", "compression"},
                                 {"protocols", "protocols"},
                                 {"size", "bytes", ",.0f"},
                                 {"accuracy", "mean test accuracy", ".2%"},
                                 {"runs", "runs", ",d"}})}}}};
}

Json series_layer(const Json& x, const Json& colour) {
  return {{"data", named_data("series")},
          {"mark", {{"type", "line"}, {"strokeWidth", 1.3}}},
          {"encoding",
           {{"x", x},
            {"y", accuracy_y("accuracy")},
            {"detail", {{"field", "series"}, {"type", "nominal"}}},
            {"color", colour},
            {"opacity", picked_opacity(0.55)}}}};
}

Json trained_layer(const Json& x, const Json& colour) {
  return {{"data", named_data("trained")},
          {"params", picked_by_legend("family")},
          {"mark", {{"type", "point"}, {"filled", true}, {"size", 46}}},
          {"encoding",
           {{"x", x},
            {"y", accuracy_y("accuracy")},
            {"color", colour},
            {"opacity", picked_opacity(1.0, 0.1)},
            {"tooltip", trained_hints()}}}};
}

void add_front(const Json& x, Json& layers) {
  layers.push_back(
      {{"data", named_data("front")},
       {"mark", {{"type", "line"}, {"interpolate", "step-after"}, {"strokeWidth", 1.6}}},
       {"encoding",
        {{"x", x},
         {"y", accuracy_y("accuracy")},
         {"color", ink()},
         {"order", {{"field", "size"}, {"type", "quantitative"}}}}}});
}

void add_target(Json& layers) {
  const Json y = accuracy_y("accuracy");
  layers.push_back({{"data", named_data("target")},
                    {"mark", {{"type", "rule"}, {"strokeDash", {5, 4}}, {"strokeWidth", 1.3}}},
                    {"encoding", {{"y", y}, {"color", {{"value", "#c8432f"}}}}}});
  layers.push_back({{"data", named_data("target")},
                    {"mark",
                     {{"type", "text"},
                      {"align", "left"},
                      {"baseline", "bottom"},
                      {"dy", -3},
                      {"fontSize", 12},
                      {"aria", false}}},
                    {"encoding",
                     {{"x", {{"value", 5}}},
                      {"y", y},
                      {"text", {{"field", "label"}, {"type", "nominal"}}},
                      {"color", {{"value", "currentColor"}}}}}});
}

Json colour_of(const Overview& of) {
  std::vector<network::Family> families;
  for (const auto& each : of.outcomes.architectures) families.push_back(each.family);
  return family_colour(families);
}

Figure overview_of(const Overview& of, const FigureInput& input) {
  Figure figure = figure_of("overview", input, of.convergence.dataset);
  figure.title = of.in_bytes() ? "Accuracy against bytes" : "Accuracy against parameters";
  const record::Table trained = trained_table(of);
  const record::Table compressed = compressed_table(of, input, figure.note);
  const record::Table named = named_table(of, trained, compressed);
  const Json x = size_x(of);
  const Json colour = colour_of(of);
  Json layers = Json::array();
  const auto use = [&figure](const char* name, record::Table table) {
    const bool any = !table.rows.empty();
    if (any) figure.data.push_back({name, std::move(table)});
    return any;
  };
  if (use("compressed", compressed)) layers.push_back(compressed_layer(x, colour));
  if (use("series", series_table(of, input))) layers.push_back(series_layer(x, colour));
  layers.push_back(interval_layer("trained", x, colour, 0.5));
  const record::Table front = front_table(of);
  if (use("front", front)) {
    add_front(x, layers);
    if (of.in_bytes() && has_numbers(front, "low")) {
      layers.push_back(interval_layer("front", x, ink(), 0.35));
    }
  }
  if (of.headline != nullptr && of.headline->no_target.empty()) {
    use("target",
        {{"accuracy", "label"},
         {{of.headline->target, fmt::format("target {} %", percent_text(of.headline->target))}}});
    add_target(layers);
  }
  use("trained", trained);
  layers.push_back(trained_layer(x, colour));
  if (use("named", named)) add_labels(named, x, layers);
  figure.caption = fmt::format(
      "Large marks: trained, with intervals, joined by series.{} Steps: the best at each size; "
      "look "
      "where they cross the target.",
      of.in_bytes() ? " Small marks: compressed." : "");
  figure.spec = layered(layers, kOverviewHeight);
  return figure;
}

}  // namespace

void add_overview_figures(const FigureInput& input, std::vector<Figure>& figures) {
  if (input.predictions == nullptr) return;
  for (const analysis::DatasetConvergence& dataset : input.convergence.datasets) {
    const auto of_dataset = [&dataset](const auto& all) {
      const auto at = std::ranges::find_if(
          all, [&](const auto& each) { return each.dataset == dataset.dataset; });
      return at == all.end() ? nullptr : &*at;
    };
    const auto* outcomes = of_dataset(input.predictions->datasets);
    if (outcomes == nullptr || outcomes->architectures.empty()) continue;
    figures.push_back(overview_of(
        {.convergence = dataset,
         .outcomes = *outcomes,
         .trade_offs = of_dataset(input.compression.trade_offs),
         .headline = input.headline == nullptr ? nullptr : of_dataset(input.headline->datasets)},
        input));
  }
}

}  // namespace minima::report
