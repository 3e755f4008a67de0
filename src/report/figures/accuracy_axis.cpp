#include "report/figures/accuracy_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "record/analysis.h"
#include "report/figures/parts.h"

namespace minima::report {
namespace {

constexpr const char* kBand = "accuracy_band";
constexpr const char* kRange = "band_of";  // of a colour channel; fit_accuracy_axis() removes it
const std::string kDrawn = "drawn_";       // prefix of a computed position
constexpr double kSmallestError = 1e-5;    // smaller errors are drawn here
constexpr double kLogarithmicFrom = 8.0;   // largest error / smallest error
constexpr std::size_t kMostLinearTicks = 7;

/// The column that a channel draws; empty if the channel is not the position of an accuracy.
std::string column_of(const Json& channel) {
  if (!channel.is_object() || !channel.contains("field")) return "";
  const auto field = channel["field"].get<std::string>();
  return field.starts_with(kDrawn) ? field.substr(kDrawn.size()) : "";
}

// ---- the scale -------------------------------------------------------------------------------

/// Errors, from the lower end of the axis (the largest) to the upper.
struct Scale {
  bool logarithmic = false;
  double largest = 1.0;
  double smallest = 0.0;
  double none = 0.0;  ///< where an accuracy of 100 % is drawn
  std::vector<double> ticks;
  int digits = 0;  ///< of the labels, in percent; of a logarithmic scale the fewest
};

/// 1, 0.5, 0.2, 0.1, ... down to 0.000002.
std::vector<double> round_numbers() {
  constexpr int kDecades = 6;
  std::vector<double> numbers;
  for (int i = 0; i < kDecades; ++i) {
    for (const double part : {1.0, 0.5, 0.2}) numbers.push_back(part / std::pow(10.0, i));
  }
  return numbers;
}

/// The round numbers within the limits.
std::vector<double> decades(double largest, double smallest) {
  std::vector<double> ticks;
  for (const double tick : round_numbers()) {
    if (tick <= largest * 1.0001 && tick >= smallest * 0.9999) ticks.push_back(tick);
  }
  return ticks;
}

Scale logarithmic_scale(double largest, double smallest, double floor) {
  Scale scale{.logarithmic = true,
              .largest = std::min(1.0, largest * 1.03),
              .smallest = smallest / 1.1,
              .none = floor};
  scale.ticks = decades(scale.largest, std::max(scale.smallest, 1.9 * floor));
  if (smallest <= floor) scale.ticks.push_back(floor);
  return scale;
}

Scale linear_scale(double largest, double smallest) {
  const double margin = std::max(0.04 * (largest - smallest), 0.002);
  Scale scale{.largest = std::min(1.0, largest + margin),
              .smallest = std::max(0.0, smallest - margin)};
  double step = 1.0;
  for (const double number : round_numbers()) {
    if ((scale.largest - scale.smallest) / number > kMostLinearTicks) break;
    step = number;
  }
  scale.digits = std::max(0, -2 - static_cast<int>(std::floor(std::log10(step * 1.0001))));
  const auto first = static_cast<int>(std::ceil(scale.smallest / step - 1e-6));
  for (int i = first; i * step <= scale.largest + 1e-9; ++i) scale.ticks.push_back(i * step);
  return scale;
}

Scale scale_of(const std::vector<double>& accuracies, std::int64_t images) {
  if (accuracies.empty()) return linear_scale(1.0, 0.0);
  const double floor =
      std::max(0.5 / static_cast<double>(std::max<std::int64_t>(images, 1)), kSmallestError);
  const auto [low, high] = std::ranges::minmax(accuracies);
  const double largest = std::clamp(1.0 - low, 0.0, 1.0);
  const double smallest = std::clamp(1.0 - high, 0.0, 1.0);
  if (largest >= kLogarithmicFrom * std::max(smallest, floor)) {
    return logarithmic_scale(largest, std::max(smallest, floor), floor);
  }
  return linear_scale(largest, smallest);
}

/// A Vega expression that labels an error as an accuracy.
std::string label_of(const Scale& scale) {
  if (!scale.logarithmic) {
    return fmt::format("format(100 * (1 - datum.value), '.{}f') + ' %'", scale.digits);
  }
  return fmt::format(
      "datum.value <= {} ? '100 %' : format(100 * (1 - datum.value), datum.value < 0.000099 ? "
      "'.3f' : datum.value < 0.00099 ? '.2f' : datum.value < 0.0099 ? '.1f' : '.0f') + ' %'",
      scale.none * 1.001);
}

void set_scale(const Scale& scale, Json& channel) {
  channel["scale"] = {{"type", scale.logarithmic ? "log" : "linear"},
                      {"domain", {scale.largest, scale.smallest}},
                      {"nice", false}};
  if (!scale.logarithmic) channel["scale"]["zero"] = false;
  channel["axis"] = {{"values", scale.ticks}, {"labelExpr", label_of(scale)}};
  if (scale.logarithmic) {
    channel["title"] = channel["title"].get<std::string>() + " (log scale of the error)";
  }
}

/// The position of a column, as a Vega expression.
std::string position_of(const std::string& column, const Scale& scale) {
  const double least = scale.logarithmic ? std::max(scale.none, scale.smallest) : scale.smallest;
  const std::string known =
      fmt::format("max({}, min({}, 1 - datum['{}']))", least, scale.largest, column);
  return fmt::format("isValid(datum['{}']) ? {} : {}", column, known,
                     column == "accuracy" ? fmt::format("{}", scale.largest) : "null");
}

// ---- units of a specification ----------------------------------------------------------------

using OnUnit = std::function<void(Json& unit, const std::string& table)>;

/// Calls `on` with each part that has an encoding, and the table that it draws.
void each_unit(Json& part, std::string table, const OnUnit& on) {
  if (part.contains("data") && part["data"].contains("name")) {
    table = part["data"]["name"].get<std::string>();
  }
  if (part.contains("encoding")) on(part, table);
  if (part.contains("layer")) {
    for (Json& layer : part["layer"]) each_unit(layer, table, on);
  }
  if (part.contains("spec")) each_unit(part["spec"], table, on);
}

void collect(const record::Table& table, const std::string& name, std::vector<double>& values) {
  const auto at = std::ranges::find(table.columns, name);
  if (at == table.columns.end()) return;
  for (const auto& row : table.rows) {
    const auto* value =
        std::get_if<double>(&row[static_cast<std::size_t>(at - table.columns.begin())]);
    if (value != nullptr && std::isfinite(*value)) values.push_back(*value);
  }
}

/// Worst to best. Each is visible on white and on a dark background, also for colour-blind readers.
constexpr std::array kFifths = {"#c8432f", "#ee9a5f", "#a3a3a3", "#5aa9dc", "#1f6fc0"};
constexpr std::array kFifthNames = {"worst fifth", "second", "middle", "fourth", "best fifth"};
constexpr const char* kNoAccuracy = "no accuracy";
constexpr const char* kNoAccuracyColour = "#777777";

}  // namespace

Json accuracy_y(const std::string& column, const std::string& title) {
  return channel(kDrawn + column, "quantitative", title);
}

void fit_accuracy_axis(Figure& figure, std::int64_t images) {
  std::vector<double> accuracies;
  each_unit(figure.spec, "", [&](Json& unit, const std::string& drawn) {
    for (auto& [name, channel] : unit["encoding"].items()) {
      const std::string column = column_of(channel);
      if (column.empty()) continue;
      for (const auto& [table, rows] : figure.data) {
        if (table == drawn) collect(rows, column, accuracies);
      }
    }
  });
  const Scale scale = scale_of(accuracies, images);
  each_unit(figure.spec, "", [&](Json& unit, const std::string& /*table*/) {
    Json positions = Json::array();
    for (auto& [name, channel] : unit["encoding"].items()) {
      if (channel.contains(kRange)) {
        positions.push_back({{"calculate", channel[kRange]}, {"as", kBand}});
        channel.erase(kRange);
      }
      const std::string column = column_of(channel);
      if (column.empty()) continue;
      if (channel.contains("type")) set_scale(scale, channel);  // y2 has no scale of its own
      positions.push_back({{"calculate", position_of(column, scale)}, {"as", kDrawn + column}});
    }
    // Afterwards, because a new key may move the encoding.
    for (const Json& position : positions) unit["transform"].push_back(position);
  });
}

std::vector<double> accuracies_in(const record::Table& table) {
  std::vector<double> values;
  collect(table, "accuracy", values);
  return values;
}

namespace {

/// Percentages with as many digits as the limits need to differ.
std::string limit_text(double limit, const std::vector<double>& limits) {
  double least = 1.0;
  for (std::size_t i = 1; i < limits.size(); ++i) {
    least = std::min(least, limits[i] - limits[i - 1]);
  }
  return fmt::format("{:.{}f}", 100.0 * limit, least >= 0.01 ? 0 : least >= 0.001 ? 1 : 2);
}

/// A colour for each range between the limits. The range of a row is computed when it is drawn: a
/// legend of names is more readable than a scale with limits.
Json bands(const std::vector<double>& limits) {
  Json names = Json::array();
  Json colours = Json::array();
  std::string range = fmt::format("isValid(datum['accuracy']) ? ");
  for (std::size_t i = 0; i <= limits.size(); ++i) {
    const bool is_last = i == limits.size();
    const std::string name = i == 0 ? fmt::format("below {} %", limit_text(limits[i], limits))
                             : is_last
                                 ? fmt::format("from {} %", limit_text(limits.back(), limits))
                                 : fmt::format("{} to {} %", limit_text(limits[i - 1], limits),
                                               limit_text(limits[i], limits));
    names.push_back(name);
    colours.push_back(kFifths.at(i * (kFifths.size() - 1) / limits.size()));
    range += is_last ? fmt::format("'{}'", name)
                     : fmt::format("datum['accuracy'] < {} ? '{}' : ", limits[i], name);
  }
  const Json shown = names;
  names.push_back(kNoAccuracy);
  colours.push_back(kNoAccuracyColour);
  return channel(kBand, "nominal",
                 limits.size() + 1 == kFifths.size() ? "test accuracy, by fifths" : "test accuracy",
                 {{kRange, range + fmt::format(" : '{}'", kNoAccuracy)},
                  {"scale", {{"domain", names}, {"range", colours}}},
                  {"legend", {{"orient", "top"}, {"values", shown}, {"symbolOpacity", 1}}}});
}

}  // namespace

Json accuracy_colour(std::span<const double> accuracies) {
  std::vector<double> sorted;
  std::ranges::copy_if(accuracies, std::back_inserter(sorted),
                       [](double value) { return std::isfinite(value); });
  std::ranges::sort(sorted);
  std::vector<double> limits;
  for (std::size_t fifth = 1; fifth < kFifths.size() && !sorted.empty(); ++fifth) {
    const double limit = std::round(1e4 * sorted[fifth * sorted.size() / kFifths.size()]) / 1e4;
    if (limit > sorted.front() && (limits.empty() || limit > limits.back()))
      limits.push_back(limit);
  }
  if (limits.empty()) return {{"value", kFifths.back()}};
  return bands(limits);
}

std::vector<std::string> fifths_of(std::span<const double> accuracies) {
  std::vector<double> sorted;
  std::ranges::copy_if(accuracies, std::back_inserter(sorted),
                       [](double value) { return std::isfinite(value); });
  std::ranges::sort(sorted);
  std::vector<std::string> fifths;
  for (const double accuracy : accuracies) {
    if (!std::isfinite(accuracy)) {
      fifths.emplace_back(kNoAccuracy);
      continue;
    }
    const auto below =
        static_cast<std::size_t>(std::ranges::lower_bound(sorted, accuracy) - sorted.begin());
    fifths.emplace_back(kFifthNames.at(below * kFifthNames.size() / sorted.size()));
  }
  return fifths;
}

Json fifth_colour(const std::string& among) {
  Json names = kFifthNames;
  Json colours = kFifths;
  names.push_back(kNoAccuracy);
  colours.push_back(kNoAccuracyColour);
  return channel("fifth", "nominal", "test accuracy within a " + among,
                 {{"scale", {{"domain", names}, {"range", colours}}},
                  {"legend", {{"orient", "top"}, {"values", kFifthNames}, {"symbolOpacity", 1}}}});
}

}  // namespace minima::report
