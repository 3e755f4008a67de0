#include "report/figures/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/numbers/random.h"
#include "core/text.h"
#include "network/notation/architecture.h"
#include "record/analysis.h"
#include "record/study.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

// Without yellow and black of Okabe and Ito, which are invisible on a white or a dark background.
constexpr std::array kOkabeIto = {"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                  "#D55E00", "#56B4E9", "#888888"};

/// The colour of the i-th name of a legend. Beyond the table, hues a golden angle apart, so that no
/// two names share a colour.
std::string distinct_colour(std::size_t i) {
  if (i < kOkabeIto.size()) return kOkabeIto[i];
  constexpr double kGoldenAngle = 137.508;  // degrees
  return fmt::format("hsl({:.3f}, 55%, 45%)",
                     std::fmod(kGoldenAngle * static_cast<double>(i), 360.0));
}

/// Without its ends: one is invisible on a dark background, the other on a white one.
Json viridis() {
  return {{"name", "viridis"}, {"extent", {0.3, 0.82}}};
}

}  // namespace

Json channel(const std::string& field, const char* type, const std::string& title,
             const Json& more) {
  Json result = {{"field", field}, {"type", type}, {"title", title}};
  result.update(more);
  return result;
}

Json parameters_x() {
  return channel("parameters", "quantitative", "learnable parameters",
                 {{"scale", {{"type", "log"}, {"nice", false}, {"padding", 12}}},
                  {"axis", {{"format", "~s"}, {"tickCount", 6}}}});
}

Json parameters_colour(const record::Table& table) {
  const auto column = static_cast<std::size_t>(std::ranges::find(table.columns, "parameters") -
                                               table.columns.begin());
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = 1;
  for (const auto& row : table.rows) {
    least = std::min(least, std::get<std::int64_t>(row[column]));
    most = std::max(most, std::get<std::int64_t>(row[column]));
  }
  if (least >= most) least = std::max<std::int64_t>(1, most / 2);  // two distinct ends
  return channel(
      "parameters", "quantitative", "parameters",
      {{"scale",
        {{"type", "log"},
         {"domain", {least, std::max(most, least + 1)}},
         {"nice", false},
         {"scheme", viridis()},
         {"reverse", true}}},
       {"legend",
        {{"type", "gradient"}, {"format", "~s"}, {"tickCount", 4}, {"gradientLength", 140}}}});
}

Json share_channel(const std::string& field, const std::string& title) {
  return channel(
      field, "quantitative", title,
      {{"scale", {{"domain", {0, 1}}}}, {"axis", {{"format", kPercentLabel}, {"tickCount", 6}}}});
}

Json nominal_colour(const std::string& field, const std::string& title,
                    const std::vector<std::string>& names) {
  std::vector<std::string> colours;
  for (std::size_t i = 0; i < names.size(); ++i) {
    colours.push_back(distinct_colour(i));
  }
  return channel(field, "nominal", title,
                 {{"scale", {{"domain", names}, {"range", colours}}},
                  {"legend", {{"orient", "top"}, {"columns", 2}, {"symbolOpacity", 1}}}});
}

Json family_colour(const std::vector<network::Family>& families) {
  std::vector<std::string> names;
  std::vector<std::string> colours;
  std::size_t next = 0;
  for (const auto& [family, word] : enum_words<network::Family>()) {
    const std::string colour = distinct_colour(next++);
    if (std::ranges::find(families, family) == families.end()) continue;
    names.emplace_back(word);
    colours.push_back(colour);
  }
  return channel(
      "family", "nominal", "family",
      {{"scale", {{"domain", names}, {"range", colours}}},
       {"legend", names.size() < 2
                      ? Json(nullptr)
                      : Json{{"orient", "top"}, {"title", nullptr}, {"symbolOpacity", 1}}}});
}

Json tooltip(const std::vector<Hint>& hints) {
  Json fields = Json::array();
  for (const auto& [field, title, format] : hints) {
    const bool is_number = *format != '\0';
    Json& line = fields.emplace_back(Json{{"field", field}, {"title", title}});
    line["type"] = is_number ? "quantitative" : "nominal";
    if (is_number) line["format"] = format;
  }
  return fields;
}

Json picked_by_legend(const std::string& field) {
  return Json::array({{{"name", "picked"},
                       {"select", {{"type", "point"}, {"fields", Json::array({field})}}},
                       {"bind", "legend"}}});
}

Json picked_opacity(double picked, double rest) {
  return {{"condition", {{"param", "picked"}, {"value", picked}}}, {"value", rest}};
}

std::string panel_title(std::string_view text) {
  constexpr std::size_t kLine = 32;  // characters that fit the narrowest panel
  std::string title;
  std::size_t line = 0;
  for (const std::string& word : split(text, ' ')) {
    const bool breaks = line > 0 && line + 1 + word.size() > kLine;
    if (!title.empty()) title += breaks ? '\n' : ' ';
    line = breaks ? word.size() : line + 1 + word.size();
    title += word;
  }
  return title;
}

bool has_numbers(const record::Table& table, const std::string& column) {
  const auto at = std::ranges::find(table.columns, column) - table.columns.begin();
  return std::ranges::any_of(table.rows, [&](const auto& row) {
    return std::holds_alternative<double>(row.at(static_cast<std::size_t>(at)));
  });
}

Json named_data(const std::string& name) {
  return {{"name", name}};
}

Json layered(const Json& layers, int height) {
  Json spec = {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
               {"width", "container"},
               {"height", height},
               {"autosize", {{"type", "fit-x"}, {"contains", "padding"}}}};
  if (layers.size() == 1) {
    spec.update(layers.front());
  } else {
    spec["layer"] = layers;
  }
  return spec;
}

Json faceted(const std::string& data, const std::string& field, const std::string& title,
             const Json& layers, int height, int panel_width) {
  Json header = {{"labelLimit", panel_width + 60}, {"labelFontWeight", "bold"}};
  return {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
          {"config", {{"lineBreak", "\n"}}},
          {"data", named_data(data)},
          {"facet",
           {{"field", field},
            {"type", "nominal"},
            {"title", title.empty() ? Json(nullptr) : Json(title)},
            {"header", header}}},
          {"columns", 2},
          // Shared axes would also appear below empty grid cells.
          {"resolve", {{"axis", {{"x", "independent"}}}}},
          {"spec", {{"width", panel_width}, {"height", height}, {"layer", layers}}}};
}

Json grid(const std::string& data, const std::string& rows, const std::string& columns,
          const Json& layers, int height, int panel_width) {
  Json spec = faceted(data, columns, "", layers, height, panel_width);
  const Json side = [](const std::string& field) -> Json {
    return {{"field", field},
            {"type", "nominal"},
            {"title", nullptr},
            {"header", {{"labelFontWeight", "bold"}}}};
  }(rows);
  Json column = side;
  column["field"] = columns;
  spec["facet"] = {{"row", side}, {"column", column}};
  spec.erase("columns");
  spec.erase("resolve");
  return spec;
}

void share_range_in_rows(Json& spec, const Axes& axes) {
  if (!spec["facet"].contains("row")) return;
  // Vega-Lite shares scales of all panels or of none. Each panel gets an invisible line from one
  // end of its row's range to the other.
  Json ends = Json::array();
  const auto end_of = [&ends](const char* end, const std::string& field) -> Json {
    const std::string name = fmt::format("{}_of_{}", end, field);
    ends.push_back({{"op", end}, {"field", field}, {"as", name}});
    return {{"field", name}, {"aggregate", end}};
  };
  Json line = {{"x", end_of("min", axes.x)}, {"y", end_of("min", axes.y)}};
  for (Json& from : line) from["type"] = "quantitative";
  line["x2"] = end_of("max", axes.x);
  line["y2"] = end_of("max", axes.y);
  spec["spec"]["layer"].push_back(
      {{"mark", {{"type", "rule"}, {"opacity", 0}, {"tooltip", nullptr}, {"aria", false}}},
       {"encoding", std::move(line)}});
  Json& transforms = spec["transform"];
  if (transforms.is_null()) transforms = Json::array();
  transforms.push_back(
      {{"joinaggregate", ends}, {"groupby", Json::array({spec["facet"]["row"]["field"]})}});
}

std::vector<std::size_t> sample(std::size_t count, std::size_t most,
                                const analysis::Convergence& convergence,
                                std::string_view subject) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), 0);
  if (count <= most) return all;
  RandomStream random(convergence.settings.seed,
                      subject_of("sample of the report: " + std::string(subject)),
                      Purpose::bootstrap);
  random.shuffle(std::span<std::size_t>(all));
  all.resize(most);
  std::ranges::sort(all);
  return all;
}

std::vector<std::size_t> scatter(std::size_t count, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t drawn = std::min(count, most);
  for (std::size_t i = 0; i < drawn; ++i) {
    chosen.push_back(drawn < 2 ? 0 : i * (count - 1) / (drawn - 1));
  }
  return chosen;
}

std::string sample_note(std::size_t drawn, std::size_t all, std::string_view noun,
                        const analysis::Convergence& convergence) {
  if (drawn >= all) return "";
  return fmt::format("{} of {} are drawn, a random sample (seed {}).",
                     grouped(static_cast<std::int64_t>(drawn)),
                     counted(static_cast<std::int64_t>(all), noun), convergence.settings.seed);
}

std::string selection_note(std::size_t drawn, std::size_t all, std::string_view noun) {
  if (drawn >= all) return "";
  return fmt::format("{} of {} are drawn, evenly spaced by size.",
                     grouped(static_cast<std::int64_t>(drawn)),
                     counted(static_cast<std::int64_t>(all), noun));
}

std::string dataset_id(const FigureInput& input, const std::string& dataset) {
  const auto& datasets = input.population.datasets;
  const auto at = std::ranges::find(datasets, dataset, &record::DatasetRecord::name);
  return fmt::format("d{}", at - datasets.begin() + 1);
}

namespace {

/// Adds the number of networks of each protocol.
template <typename Curve>
void count(const std::vector<Curve>& curves, std::map<std::string, std::size_t>& networks) {
  for (const Curve& curve : curves) {
    if (curve.tensor.empty()) networks[curve.protocol] += curve.points.size();
  }
}

std::vector<std::string> most_first(const std::map<std::string, std::size_t>& networks) {
  std::vector<std::string> names;
  for (const auto& [name, number] : networks) names.push_back(name);
  std::ranges::stable_sort(names, std::ranges::greater(),
                           [&](const std::string& name) { return networks.at(name); });
  return names;
}

}  // namespace

Protocols protocols_of(const analysis::Compression& compression) {
  std::map<std::string, std::size_t> pruning;
  std::map<std::string, std::size_t> quantization;
  for (const analysis::FamilyCompression& family : compression.families) {
    count(family.pruning, pruning);
    count(family.quantization, quantization);
  }
  return {most_first(pruning), most_first(quantization)};
}

std::size_t protocol_number(const analysis::Compression& compression, const std::string& protocol) {
  const Protocols protocols = protocols_of(compression);
  for (const auto* names : {&protocols.pruning, &protocols.quantization}) {
    const auto at = std::ranges::find(*names, protocol);
    if (at != names->end()) return static_cast<std::size_t>(at - names->begin()) + 1;
  }
  return 0;
}

Figure figure_of(const char* kind, const FigureInput& input, const std::string& dataset,
                 const std::string& family) {
  std::string id = kind;
  if (!dataset.empty()) id += "-" + dataset_id(input, dataset);
  if (!family.empty()) id += "-" + family;
  return {.id = std::move(id), .kind = kind, .scope = {.dataset = dataset, .family = family}};
}

}  // namespace minima::report
