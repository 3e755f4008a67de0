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
#include "record/run_result.h"
#include "record/study.h"
#include "report/text/style.h"

namespace minima::report {
namespace {

// Without yellow and black of Okabe and Ito, which are invisible on a white or a dark background.
constexpr std::array kOkabeIto = {"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                  "#D55E00", "#56B4E9", "#888888"};
// Smaller error rates are drawn at this value.
constexpr double kSmallestError = 1e-5;

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
  return {{"name", "viridis"}, {"extent", {0.22, 0.95}}};
}

/// 1, 0.5, 0.2, 0.1, ... down to `least`.
std::vector<double> error_ticks(double least) {
  std::vector<double> ticks;
  for (double decade = 1.0; decade > least / 10; decade /= 10) {
    for (const double part : {1.0, 0.5, 0.2}) ticks.push_back(decade * part);
  }
  return ticks;
}

}  // namespace

AccuracyAxis::AccuracyAxis(const analysis::Population& population) {
  std::int64_t images = 1;
  for (const auto& dataset : population.datasets) images = std::max(images, dataset.test_count);
  const double least = std::max(0.5 / static_cast<double>(images), kSmallestError);
  double low = 0.5;
  double high = 0.0;
  const auto add = [&](double accuracy) {
    if (!std::isfinite(accuracy)) return;
    low = std::min(low, std::max(1.0 - accuracy, least));
    high = std::max(high, std::min(1.0 - accuracy, 1.0));
  };
  for (const auto& run : population.runs) {
    if (run.result.status == record::RunStatus::finished) add(run.result.test_accuracy);
  }
  for (const auto& dataset : population.datasets) add(dataset.majority_share);
  for (const auto& row : population.variants) add(row.variant.test_accuracy);
  const std::vector<double> ticks = error_ticks(low);
  smallest_ = ticks.back();
  largest_ = ticks.front();
  for (const double tick : ticks) {
    if (tick >= high) largest_ = tick;
    if (tick > low) continue;
    smallest_ = tick;
    break;
  }
  for (const double tick : ticks) {
    if (tick <= largest_ && tick >= smallest_) ticks_.push_back(tick);
  }
}

double AccuracyAxis::error(double accuracy) const {
  if (!std::isfinite(accuracy)) return largest_;
  return std::clamp(1.0 - accuracy, smallest_, largest_);
}

Json AccuracyAxis::scale() const {
  return {{"type", "log"}, {"domain", {largest_, smallest_}}, {"nice", false}};
}

namespace {

// Labels errors as accuracies, with enough digits to distinguish ticks.
constexpr const char* kAccuracyLabel =
    "format(100 * (1 - datum.value), datum.value < 0.000099 ? '.3f' : datum.value < 0.00099 ? "
    "'.2f' : datum.value < 0.0099 ? '.1f' : '.0f') + ' %'";

}  // namespace

Json AccuracyAxis::y(const std::string& field) const {
  return channel(
      field, "quantitative", "test accuracy (error on a log scale)",
      {{"scale", scale()}, {"axis", {{"values", ticks_}, {"labelExpr", kAccuracyLabel}}}});
}

Json AccuracyAxis::colour(const std::string& field) const {
  Json scale_with_scheme = scale();
  scale_with_scheme["scheme"] = viridis();
  return channel(field, "quantitative", "test accuracy",
                 {{"scale", scale_with_scheme},
                  {"legend",
                   {{"values", ticks_},
                    {"labelExpr", kAccuracyLabel},
                    {"type", "gradient"},
                    {"gradientLength", 200}}}});
}

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

Json parameters_colour(const analysis::Population& population) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = 1;
  for (const auto& run : population.runs) {
    least = std::min(least, run.parameters);
    most = std::max(most, run.parameters);
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
  return channel("family", "nominal", "family",
                 {{"scale", {{"domain", names}, {"range", colours}}},
                  {"legend", {{"orient", "top"}, {"symbolOpacity", 1}}}});
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
  return fmt::format(" {} of {} are drawn, a random sample (seed {}).",
                     grouped(static_cast<std::int64_t>(drawn)),
                     counted(static_cast<std::int64_t>(all), noun), convergence.settings.seed);
}

std::string selection_note(std::size_t drawn, std::size_t all, std::string_view noun) {
  if (drawn >= all) return "";
  return fmt::format(" {} of {} are drawn, evenly spaced by size.",
                     grouped(static_cast<std::int64_t>(drawn)),
                     counted(static_cast<std::int64_t>(all), noun));
}

std::string dataset_id(const FigureInput& input, const std::string& dataset) {
  const auto& datasets = input.population.datasets;
  const auto at = std::ranges::find(datasets, dataset, &record::DatasetRecord::name);
  return fmt::format("d{}", at - datasets.begin() + 1);
}

}  // namespace minima::report
